import GatewayDomain
import GatewayService
import GatewayStore
import NetAddress
import ServiceTestSupport
import TestSupport
import Testing

struct ConcurrencyTests {
    @Test("gateways created at the same time share no port and no subnet")
    func gateways() async throws {
        let directory = try TemporaryDirectory()
        let fixture = try await ServiceFixture(store: Store(directory: directory.path))
        let network = try await fixture.network()
        let gateways = try await withThrowingTaskGroup(of: Gateway.self) { group in
            for _ in 0..<40 { group.addTask { try await fixture.gateway(in: network) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(gateways.map(\.endpoint.port)) == Set(5000..<5040))
        #expect(Set(gateways.map(\.subnet)).count == 40)
    }

    @Test("peers created and deleted at the same time share no address")
    func peers() async throws {
        let directory = try TemporaryDirectory()
        let fixture = try await ServiceFixture(store: Store(directory: directory.path))
        let gateway = try await fixture.gateway(in: fixture.network())
        let doomed = try await fixture.peer(of: gateway).peer
        let peers = try await withThrowingTaskGroup(of: Peer?.self) { group in
            for number in 0..<60 {
                group.addTask {
                    guard number != 30 else {
                        _ = try await fixture.controlPlane.perform(
                            .deletePeer(doomed.id),
                            by: fixture.caller
                        )
                        return nil
                    }
                    return try await fixture.peer(of: gateway).peer
                }
            }
            return try await group.reduce(into: [Peer?]()) { $0.append($1) }.compactMap { $0 }
        }
        let addresses = Set(peers.map(\.address))
        #expect(addresses.count == 59)
        #expect(!addresses.contains(doomed.address))
        let shown = try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller)
        #expect(shown.activity.peersCount == 59)
    }

    @Test("the last address of a subnet goes to one of two peers created at the same time")
    func lastAddress() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network()) {
            $0.subnetPrefixLength = .value(30)
        }
        let made = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { (try? await fixture.peer(of: gateway)) != nil }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(made == 1)
    }
}
