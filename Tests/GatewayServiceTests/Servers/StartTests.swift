import GatewayDomain
import GatewayStore
import ServiceTestSupport
import StoreTestSupport
import Testing

@testable import GatewayService

@Suite("Servers that start on one database")
struct StartTests {
    @Test("servers that start at once make one organization with one key")
    func atOnce() async throws {
        let fixture = try await ServiceFixture()
        let store = try await TestStore.make()
        let servers = (0..<4).map { _ in fixture.otherServer(on: store) }
        let prepared = try await withThrowingTaskGroup(of: PreparedInstallation.self) { group in
            for server in servers {
                group.addTask { try await server.prepareInstallation(firstKey: nil) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(prepared.map(\.organizationID)).count == 1)
        let made = prepared.compactMap(\.madeKey)
        #expect(made.count == 1)
        for server in servers {
            #expect(try await server.authenticate(bearer: made[0])?.role == .admin)
        }
    }

    @Test("a server with another master key than the first one's is refused in one sentence")
    func otherMasterKey() async throws {
        let fixture = try await ServiceFixture()
        let other = fixture.otherServer(masterKey: .random())
        await #expect(throws: MasterKeyError.differsFromOthers) {
            _ = try await other.prepareInstallation(firstKey: nil)
        }
    }

    @Test("a server that starts does not take the nodes of others to be away")
    func nodesOfOthers() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        try await first.prolongLife()
        let node = try await fixture.connectedNode("frankfurt", to: first)
        _ = try await second.prepareInstallation(firstKey: nil)
        let shown = try await second.showNode(node.node.id, by: fixture.caller)
        #expect(shown.presence == .connected)
    }

    @Test("where servers carry no gateways, there is no node inside of them")
    func withoutEmbedded() async throws {
        let store = try await TestStore.make()
        let fixture = try await ServiceFixture(store: store) { $0.hasEmbeddedNode = false }
        #expect(try await store.read { try Nodes.count($0) } == 0)
        let again = try await ServiceFixture(store: store, masterKey: fixture.masterKey)
        #expect(try await store.read { try Nodes.embedded($0)?.regionCodes } == ["local"])
        let gateway = try await again.gateway(in: try await again.network())
        _ = try await ServiceFixture(store: store, masterKey: fixture.masterKey) {
            $0.hasEmbeddedNode = false
        }
        let left = try #require(try await store.read { try Nodes.find(gateway.nodeID, $0) })
        #expect(left.presence == .away && !left.isEmbedded, "its gateway waits for a machine")
        _ = try await fixture.controlPlane.perform(
            .makeJoinToken(left.id, NewJoinToken()),
            by: fixture.caller
        )
        _ = try await ServiceFixture(store: store, masterKey: fixture.masterKey)
        let embedded = try await store.read { try Nodes.embedded($0) }
        #expect(embedded?.name == "embedded-2" && embedded?.id != left.id)
    }
}
