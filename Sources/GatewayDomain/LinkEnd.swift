/// A link at one of its two gateways.
package struct LinkEnd: Equatable, Sendable {
    package let gatewayID: GatewayID
    package let regionCode: String
    package var nodeID: NodeID
    /// What the node says of the link as it is from here.
    package var state: LinkState
    /// The gateway over which packets go around while the link is dead.
    package var viaGatewayID: GatewayID?

    package init(
        gatewayID: GatewayID,
        regionCode: String,
        nodeID: NodeID,
        state: LinkState = .connecting,
        viaGatewayID: GatewayID? = nil
    ) {
        self.gatewayID = gatewayID
        self.regionCode = regionCode
        self.nodeID = nodeID
        self.state = state
        self.viaGatewayID = viaGatewayID
    }
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
