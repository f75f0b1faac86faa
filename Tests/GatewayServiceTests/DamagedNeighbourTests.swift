import GatewayDomain
import GatewayService
import GatewayStore
import NetAddress
import ServiceTestSupport
import Testing

struct DamagedNeighbourTests {
    @Test("a config without its preshared key is not given out, and the peer's row is named")
    func presharedKey() async throws {
        let bench = try await ServiceFixture()
        let gateway = try await bench.gateway(in: bench.network())
        let peer = try await bench.peer(of: gateway) { $0.presharedKey = .value(.make) }.peer
        for value in ["zeroblob(60)", "'text'"] {
            try await bench.damage("peer", peer.id, "sealed_preshared_key", value)
            await bench.expectDamaged("peer", peer.id, "sealed_preshared_key") {
                _ = try await bench.services.renderPeerConfig(
                    peer.id,
                    fullTunnel: false,
                    by: bench.caller
                )
            }
        }
    }

    @Test("beside a damaged gateway a config leaves its route out, and a gateway cannot be made")
    func neighbour() async throws {
        let bench = try await ServiceFixture()
        let network = try await bench.network()
        let (damaged, healthy) = (
            try await bench.gateway(in: network), try await bench.gateway(in: network)
        )
        let peer = try await bench.peer(of: healthy).peer
        try await bench.damage("gateway", damaged.id, "subnet", "'nowhere'")
        let config = try await bench.services.renderPeerConfig(
            peer.id,
            fullTunnel: false,
            by: bench.caller
        )
        #expect(config.contains("AllowedIPs = \(healthy.subnet)\n"))
        await bench.expectDamaged("gateway", damaged.id, "subnet") {
            _ = try await bench.gateway(in: network)
        }
    }

    @Test(
        "a damaged row of a released address or subnet is given to no object, and stops no creation"
    )
    func released() async throws {
        let bench = try await ServiceFixture()
        let network = try await bench.network()
        let gateway = try await bench.gateway(in: network)
        let old = try await bench.gateway(in: network)
        _ = try await bench.services.deleteGateway(old.id, by: bench.caller)
        let peer = try await bench.peer(of: gateway).peer
        _ = try await bench.services.perform(.deletePeer(peer.id), by: bench.caller)
        try await bench.store.write { db in
            try db.executeScript(
                """
                UPDATE released_subnet SET subnet = 'nowhere';
                UPDATE released_address SET address = 'nowhere', is_rested = 1;
                """
            )
        }
        #expect(try await bench.gateway(in: network).subnet == old.subnet)
        #expect(gateway.subnet.contains(try await bench.peer(of: gateway).peer.address))
    }

    @Test("a journal without a number for the next change refuses changes and says so")
    func revisionsUsedUp() async throws {
        let bench = try await ServiceFixture()
        let network = try await bench.network()
        try await bench.store.write { db in
            try db.executeScript("UPDATE sqlite_sequence SET seq = \(Int64.max)")
        }
        await #expect(throws: ServiceError.storageUnavailable(.revisionsUsedUp)) {
            _ = try await bench.network()
        }
        #expect(bench.store.trouble == nil, "no probe could find that it is over")
        _ = try await bench.services.showNetwork(network.id, by: bench.caller)
    }
}
