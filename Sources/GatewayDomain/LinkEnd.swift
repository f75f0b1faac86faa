package import NetAddress

/// A link at one of its two gateways.
package struct LinkEnd: Equatable, Sendable {
    package let gatewayID: GatewayID
    package let regionCode: String
    package var nodeID: NodeID
    /// What the node says of the link as it is from here.
    package var state: LinkState
    /// The gateway over which packets go around while the link is dead.
    package var viaGatewayID: GatewayID?
    /// The names of the private services that peers of this gateway reach over the link, as the other gateway leads
    /// there and this one's region does not have them.
    package var services: [String]
    /// Whether they reach the internet over the link, as their network has an internet gateway in the other gateway's region
    /// and none in this one's.
    package var hasInternet: Bool
    /// What the gateway's subnet is to the outside of the other end's node. Nil where nothing of it leaves there, or the
    /// pool has no room.
    package var egressRange: IPv4Prefix?

    package init(
        gatewayID: GatewayID,
        regionCode: String,
        nodeID: NodeID,
        state: LinkState = .connecting,
        viaGatewayID: GatewayID? = nil,
        services: [String] = [],
        hasInternet: Bool = false,
        egressRange: IPv4Prefix? = nil
    ) {
        self.gatewayID = gatewayID
        self.regionCode = regionCode
        self.nodeID = nodeID
        self.state = state
        self.viaGatewayID = viaGatewayID
        self.services = services
        self.hasInternet = hasInternet
        self.egressRange = egressRange
    }

    /// Whether peers of the gateway leave their network at the other end.
    package var leadsOut: Bool { hasInternet || !services.isEmpty }
}

/// Where packets between its two gateways go; a later case is worse.
package enum LinkState: String, CaseIterable, Comparable, Sendable {
    case up
    /// It has never carried an answer.
    case connecting
    /// It is dead, and packets go around over a third gateway.
    case detour
    /// The link does not answer, and no third gateway reaches both ends.
    case down

    package static func < (left: LinkState, right: LinkState) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .up: 0
        case .connecting: 1
        case .detour: 2
        case .down: 3
        }
    }
}

/// What probes over the link measure.
package struct LinkFigures: Equatable, Sendable {
    /// In microseconds; nil where no answer came lately.
    package let roundTripMicroseconds: Int?
    /// Of the last half minute, in per cent; nil where no probe was sent.
    package let lossPercent: Int?
    package let measuredAt: Timestamp

    package init(
        roundTripMicroseconds: Int?,
        lossPercent: Int?,
        measuredAt: Timestamp
    ) {
        self.roundTripMicroseconds = roundTripMicroseconds
        self.lossPercent = lossPercent
        self.measuredAt = measuredAt
    }
}
