import APIContract
import GatewayClient
import GatewayDomain
import JSON

/// Gateways and their peers, as the API answers them.
struct StatusReport {
    let gateways: [Decoded<GatewayMembers>]
    let peers: [Decoded<PeerMembers>]

    /// - Parameter name: of one gateway, by name or id; nil for all.
    init(of name: String?, _ client: GatewayClient) async throws {
        guard let name else {
            async let gateways = client.all(.gateways)
            async let peers = client.all(.peers)
            (self.gateways, self.peers) = try await (gateways, peers)
            return
        }
        let gateway = try await GatewayNoun.find(name, client)
        gateways = [gateway]
        peers = try await client.all(
            .peers,
            [ListQuery([(PeerMembers.gatewayID.name, "\(gateway.id)")])]
        )
    }

    func json(_ overview: Decoded<OverviewMembers>) -> JSONValue {
        [
            "overview": overview.json,
            "gateways": .array(gateways.map(\.json)),
            "peers": .array(peers.map(\.json)),
        ]
    }

    /// Each gateway with its peers, in the order of the lists.
    var groups: [(gateway: Decoded<GatewayMembers>, peers: [Decoded<PeerMembers>])] {
        let peers = Dictionary(grouping: peers, by: \.gatewayID)
        return gateways.map { ($0, peers[$0.id] ?? []) }
    }
}

extension Decoded<PeerMembers> {
    /// When its latest packet came. A server of an earlier version may know handshakes only.
    var seenAt: Timestamp? { self.lastSeen ?? self.latestHandshakeAt }
}

extension Decoded<GatewayMembers> {
    /// When the latest packet of any of its peers came.
    func seenAt(among peers: [Decoded<PeerMembers>]) -> Timestamp? {
        peers.compactMap(\.seenAt).max() ?? self.latestHandshakeAt
    }
}
