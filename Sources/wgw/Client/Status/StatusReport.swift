import APIContract
import GatewayClient
import GatewayDomain
import JSON

/// Gateways and their peers, the nodes that carry gateways, and the links between gateways, as the API answers them.
struct StatusReport {
    let gateways: [Decoded<GatewayMembers>]
    let peers: [Decoded<PeerMembers>]
    /// None for a caller who does not manage them.
    let nodes: [Decoded<NodeMembers>]
    let links: [Decoded<BackboneLinkMembers>]
    let quotas: UsedUpQuotas

    /// - Parameter name: of one gateway, by name or id; nil for all.
    init(of name: String?, _ client: GatewayClient) async throws {
        quotas = try await .reading(client)
        guard let name else {
            async let gateways = client.all(.gateways)
            async let peers = client.all(.peers)
            async let nodes = Self.nodes(client)
            async let links = client.all(.backboneLinks)
            (self.gateways, self.peers) = try await (gateways, peers)
            (self.nodes, self.links) = try await (nodes, links)
            return
        }
        let gateway = try await GatewayNoun.find(name, client)
        gateways = [gateway]
        peers = try await client.all(
            .peers,
            [ListQuery([(PeerMembers.gatewayID.name, "\(gateway.id)")])]
        )
        nodes = []
        links = try await client.all(
            .backboneLinks,
            [ListQuery([(BackboneLinkMembers.gatewayID.name, "\(gateway.id)")])]
        )
    }

    private static func nodes(_ client: GatewayClient) async throws -> [Decoded<NodeMembers>] {
        let caller = try await client.caller()
        guard caller.role == .admin, caller.networkIDs == nil else { return [] }
        return try await client.all(.nodes)
    }

    func json(_ overview: Decoded<OverviewMembers>) -> JSONValue {
        [
            "overview": overview.json,
            "gateways": .array(gateways.map(\.json)),
            "peers": .array(peers.map(\.json)),
            "nodes": .array(nodes.map(\.json)),
            "links": .array(links.map(\.json)),
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
