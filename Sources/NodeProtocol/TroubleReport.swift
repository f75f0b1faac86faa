package import GatewayDomain

/// What a node saw go wrong since its last report. What is named replaces what was reported before.
package struct TroubleReport: Sendable {
    package var peers: [PeerID: PeerObservations]
    /// How many datagrams and packets of each gateway went no further.
    package var drops: [GatewayID: Int]
    package var strangers: [GatewayID: [StrangerObservation]]

    package init(
        peers: [PeerID: PeerObservations] = [:],
        drops: [GatewayID: Int] = [:],
        strangers: [GatewayID: [StrangerObservation]] = [:]
    ) {
        self.peers = peers
        self.drops = drops
        self.strangers = strangers
    }
}
