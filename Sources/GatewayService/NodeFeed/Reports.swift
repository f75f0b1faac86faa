package import GatewayDomain
package import NetAddress

/// What a node says about a gateway.
package struct GatewayReport: Sendable {
    package let id: GatewayID
    package let status: InterfaceStatus
    /// Why it is not provisioned.
    package let reason: String?

    package init(id: GatewayID, status: InterfaceStatus, reason: String?) {
        self.id = id
        self.status = status
        self.reason = reason
    }
}

/// What a node saw of a peer since its last report.
package struct PeerReport: Sendable {
    package let id: PeerID
    package let lastSeen: Timestamp?
    package let latestHandshakeAt: Timestamp?
    package let endpoint: Endpoint?
    package let rxBytesAdded: UInt64
    package let txBytesAdded: UInt64

    package init(
        id: PeerID,
        lastSeen: Timestamp?,
        latestHandshakeAt: Timestamp?,
        endpoint: Endpoint?,
        rxBytesAdded: UInt64,
        txBytesAdded: UInt64
    ) {
        self.id = id
        self.lastSeen = lastSeen
        self.latestHandshakeAt = latestHandshakeAt
        self.endpoint = endpoint
        self.rxBytesAdded = rxBytesAdded
        self.txBytesAdded = txBytesAdded
    }
}
