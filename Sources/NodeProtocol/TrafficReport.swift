package import GatewayDomain

/// What a node carried since its last report.
package struct TrafficReport: Sendable {
    /// Those that carried anything, each once.
    package var peers: [CarriedByPeer] = []
    /// Where packets of a gateway went no further, by reason.
    package var drops: [GatewayID: [String: UInt64]] = [:]

    package init() {}

    package struct CarriedByPeer: Sendable {
        package let id: PeerID
        package let gatewayID: GatewayID
        package let counts: TrafficCounts

        package init(id: PeerID, gatewayID: GatewayID, counts: TrafficCounts) {
            self.id = id
            self.gatewayID = gatewayID
            self.counts = counts
        }
    }
}
