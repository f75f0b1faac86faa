/// What a gateway has carried in its life.
package struct GatewayTraffic: Sendable {
    package let id: GatewayID
    package let peersCount: Int
    /// From its peers, in bytes of their packets.
    package let rxBytes: UInt64
    /// To its peers.
    package let txBytes: UInt64

    package init(id: GatewayID, peersCount: Int, rxBytes: UInt64, txBytes: UInt64) {
        self.id = id
        self.peersCount = peersCount
        self.rxBytes = rxBytes
        self.txBytes = txBytes
    }
}

/// What a peer has moved in its life.
package struct PeerTraffic: Sendable {
    package let id: PeerID
    package let gatewayID: GatewayID
    /// From the peer.
    package let rxBytes: UInt64
    /// To the peer.
    package let txBytes: UInt64

    package init(id: PeerID, gatewayID: GatewayID, rxBytes: UInt64, txBytes: UInt64) {
        self.id = id
        self.gatewayID = gatewayID
        self.rxBytes = rxBytes
        self.txBytes = txBytes
    }
}
