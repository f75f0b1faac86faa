import GatewayDomain
import GatewayService
import GatewayStore
import NodeProtocol
import ServiceTestSupport
import Testing

/// An installation with two nodes beside the embedded one.
struct LinkedRegions {
    let fixture: ServiceFixture
    let near: GatewayNode
    let far: GatewayNode
    let farther: GatewayNode
}

extension LinkedRegions {
    init(
        farPorts: String = "7000-7999",
        adjust: (inout InstallationSettings) -> Void = { _ in }
    ) async throws {
        let fixture = try await ServiceFixture(adjust: adjust)
        self.fixture = fixture
        near = try #require(try await fixture.store.read { try Nodes.embedded($0) })
        far = try await Self.node("far", "203.0.113.2", farPorts, fixture)
        farther = try await Self.node("farther", "203.0.113.3", "7000-7999", fixture)
    }

    private static func node(
        _ region: String,
        _ host: String,
        _ ports: String,
        _ fixture: ServiceFixture
    ) async throws -> GatewayNode {
        let now = fixture.clock.now()
        let node = GatewayNode(
            id: .random(),
            name: region,
            regionCodes: [region],
            host: try #require(PublicHost(host)),
            ports: try #require(PortRange(ports)),
            presence: .connected,
            presenceSince: now,
            createdAt: now,
            updatedAt: now
        )
        try await fixture.store.write { db in
            try Regions.put(try Region.parse(region, at: now), db)
            try Nodes.insert(node, db)
            try Nodes.update(node, db)
        }
        return node
    }

    func gateway(
        in network: Network,
        region: String,
        _ adjust: (inout NewGateway) throws -> Void = { _ in }
    ) async throws -> Gateway {
        try await fixture.gateway(in: network) {
            $0.regionCode = .value(region)
            try adjust(&$0)
        }
    }

    func links() async throws -> [BackboneLink] {
        try await fixture.controlPlane.listBackboneLinks(page: .first, by: fixture.caller).elements
    }

    func feed(_ node: GatewayNode) -> LocalNodeFeed {
        node.isEmbedded
            ? fixture.controlPlane.nodeFeed : fixture.controlPlane.nodeFeed(of: node.id)
    }

    func provisions(_ node: GatewayNode) async throws -> [LinkProvision] {
        try await feed(node).snapshot().links
    }

    func distant(_ node: GatewayNode) async throws -> [DistantLinkProvision] {
        try await feed(node).snapshot().distantLinks
    }
}
