package import GatewayDomain
package import NetAddress

/// How far a gateway is.
package struct GatewayStanding: Equatable, Sendable {
    package let status: InterfaceStatus
    /// Why it is not provisioned, or what of it is left out.
    package let reason: String?
    /// Whether the gateway carries packets between peers, and only its way out is missing.
    package let lacksEgress: Bool

    package init(status: InterfaceStatus, reason: String?, lacksEgress: Bool = false) {
        self.status = status
        self.reason = reason
        self.lacksEgress = lacksEgress
    }

    /// Of a gateway that carries packets between peers, while no others leave its node.
    package static func lackingEgress(because reason: String) -> GatewayStanding {
        GatewayStanding(status: .provisioning, reason: reason, lacksEgress: true)
    }
}

/// What a node says about a gateway.
package struct GatewayReport: Sendable {
    package let id: GatewayID
    package let standing: GatewayStanding

    package init(id: GatewayID, status: InterfaceStatus, reason: String?) {
        self.id = id
        standing = GatewayStanding(status: status, reason: reason)
    }

    package init(id: GatewayID, standing: GatewayStanding) {
        self.id = id
        self.standing = standing
    }
}

/// What a node saw of a peer since its last report.
package struct PeerReport: Sendable {
    package let id: PeerID
    package var lastSeen: Timestamp?
    package var latestHandshakeAt: Timestamp?
    /// When the gateway answered a ping of the peer, if it did.
    package var latestEchoAt: Timestamp?
    package let endpoint: Endpoint?
    package let rxBytesAdded: UInt64
    package let txBytesAdded: UInt64
    package let egressAdded: EgressBytes
    package var usageAdded: HourlyUsage

    /// What a server takes of one peer: more is refused as a whole.
    package static let mostUsageHours = 48
    /// What is kept apart while reports do not arrive. What is older than the hours of a day is counted in the first
    /// of them, so that a node that is cut off for long takes no more memory than it has peers.
    private static let keptUsageHours = 24

    package init(
        id: PeerID,
        lastSeen: Timestamp?,
        latestHandshakeAt: Timestamp?,
        latestEchoAt: Timestamp? = nil,
        endpoint: Endpoint?,
        rxBytesAdded: UInt64,
        txBytesAdded: UInt64,
        egressAdded: EgressBytes = EgressBytes(),
        usageAdded: HourlyUsage = HourlyUsage()
    ) {
        self.id = id
        self.lastSeen = lastSeen
        self.latestHandshakeAt = latestHandshakeAt
        self.latestEchoAt = latestEchoAt
        self.endpoint = endpoint
        self.rxBytesAdded = rxBytesAdded
        self.txBytesAdded = txBytesAdded
        self.egressAdded = egressAdded
        self.usageAdded = usageAdded
    }

    /// One report of each peer, for several that follow one another.
    package static func merging(_ reports: [PeerReport]) -> [PeerReport] {
        var merged: [PeerID: PeerReport] = [:]
        for report in reports {
            merged[report.id] = merged[report.id].map { $0.followed(by: report) } ?? report
        }
        return Array(merged.values)
    }

    private func followed(by later: PeerReport) -> PeerReport {
        var egress = egressAdded
        egress += later.egressAdded
        var usage = usageAdded
        usage.add(later.usageAdded)
        return PeerReport(
            id: id,
            lastSeen: later.lastSeen ?? lastSeen,
            latestHandshakeAt: later.latestHandshakeAt ?? latestHandshakeAt,
            latestEchoAt: later.latestEchoAt ?? latestEchoAt,
            endpoint: later.endpoint ?? endpoint,
            rxBytesAdded: rxBytesAdded + later.rxBytesAdded,
            txBytesAdded: txBytesAdded + later.txBytesAdded,
            egressAdded: egress,
            usageAdded: usage.inLatest(Self.keptUsageHours)
        )
    }
}
