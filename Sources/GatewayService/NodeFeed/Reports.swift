package import GatewayDomain
package import NetAddress

/// How far a gateway is.
package struct GatewayStanding: Equatable, Sendable {
    package let status: InterfaceStatus
    /// Why it is not provisioned, or what of it is left out.
    package let reason: String?

    package init(status: InterfaceStatus, reason: String?) {
        self.status = status
        self.reason = reason
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
    package let lastSeen: Timestamp?
    package let latestHandshakeAt: Timestamp?
    /// When the gateway answered a ping of the peer, if it did.
    package let latestEchoAt: Timestamp?
    package let endpoint: Endpoint?
    package let rxBytesAdded: UInt64
    package let txBytesAdded: UInt64

    package init(
        id: PeerID,
        lastSeen: Timestamp?,
        latestHandshakeAt: Timestamp?,
        latestEchoAt: Timestamp? = nil,
        endpoint: Endpoint?,
        rxBytesAdded: UInt64,
        txBytesAdded: UInt64
    ) {
        self.id = id
        self.lastSeen = lastSeen
        self.latestHandshakeAt = latestHandshakeAt
        self.latestEchoAt = latestEchoAt
        self.endpoint = endpoint
        self.rxBytesAdded = rxBytesAdded
        self.txBytesAdded = txBytesAdded
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
        PeerReport(
            id: id,
            lastSeen: later.lastSeen ?? lastSeen,
            latestHandshakeAt: later.latestHandshakeAt ?? latestHandshakeAt,
            latestEchoAt: later.latestEchoAt ?? latestEchoAt,
            endpoint: later.endpoint ?? endpoint,
            rxBytesAdded: rxBytesAdded + later.rxBytesAdded,
            txBytesAdded: txBytesAdded + later.txBytesAdded
        )
    }
}
