/// What a gateway has carried since it was made. Bytes are counted as for `PeerActivity`.
package struct GatewayTraffic: Sendable {
    package let id: GatewayID
    package let peersCount: Int
    /// Received from its peers.
    package let rxBytes: UInt64
    /// Sent to its peers.
    package let txBytes: UInt64

    package init(id: GatewayID, peersCount: Int, rxBytes: UInt64, txBytes: UInt64) {
        self.id = id
        self.peersCount = peersCount
        self.rxBytes = rxBytes
        self.txBytes = txBytes
    }
}

/// What a peer has sent and received since it was made. Bytes are counted as for `PeerActivity`.
package struct PeerTraffic: Sendable {
    package let id: PeerID
    package let gatewayID: GatewayID
    /// Received from the peer.
    package let rxBytes: UInt64
    /// Sent to the peer.
    package let txBytes: UInt64
    package let egress: EgressBytes

    package init(
        id: PeerID,
        gatewayID: GatewayID,
        rxBytes: UInt64,
        txBytes: UInt64,
        egress: EgressBytes
    ) {
        self.id = id
        self.gatewayID = gatewayID
        self.rxBytes = rxBytes
        self.txBytes = txBytes
        self.egress = egress
    }
}
