import GatewayDomain
import GatewayService
import GatewayStore
import NetAddress
import ServiceTestSupport
import StoreTestSupport
import Testing

struct DamagedNeighbourTests {
    @Test(
        "a config without its preshared key is not given out, and the peer's row is named",
        .onlyOnSQLite(
            "PostgreSQL stores only values of a column's type, and within its constraints"
        )
    )
    func presharedKey() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let peer = try await fixture.peer(of: gateway) { $0.presharedKey = .value(.make) }.peer
        for value in ["zeroblob(60)", "'text'"] {
            try await fixture.damage("peer", peer.id, "sealed_preshared_key", value)
            await fixture.expectDamaged("peer", peer.id, "sealed_preshared_key") {
                _ = try await fixture.controlPlane.readPeerTunnel(
                    peer.id,
                    fullTunnel: false,
                    by: fixture.caller
                )
            }
        }
    }

    @Test(
        "beside a damaged gateway a config leaves its route out, and a gateway cannot be made",
        .onlyOnSQLite(
            "PostgreSQL stores only values of a column's type, and within its constraints"
        )
    )
    func neighbour() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let (damaged, healthy) = (
            try await fixture.gateway(in: network), try await fixture.gateway(in: network)
        )
        let peer = try await fixture.peer(of: healthy).peer
        try await fixture.damage("gateway", damaged.id, "subnet", "'nowhere'")
        let config = try await fixture.configText(of: peer)
        #expect(config.contains("AllowedIPs = \(healthy.subnet)\n"))
        await fixture.expectDamaged("gateway", damaged.id, "subnet") {
            _ = try await fixture.gateway(in: network)
        }
    }

    @Test(
        "a damaged row of a released address or subnet is given to no object, and stops no creation",
        .onlyOnSQLite(
            "PostgreSQL stores only values of a column's type, and within its constraints"
        )
    )
    func released() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network)
        let old = try await fixture.gateway(in: network)
        _ = try await fixture.controlPlane.deleteGateway(old.id, by: fixture.caller)
        let peer = try await fixture.peer(of: gateway).peer
        _ = try await fixture.controlPlane.perform(.deletePeer(peer.id), by: fixture.caller)
        try await fixture.store.write { db in
            try db.executeScript(
                """
                UPDATE released_subnet SET subnet = 'nowhere';
                UPDATE released_address SET address = 'nowhere', is_rested = 1;
                """
            )
        }
        #expect(try await fixture.gateway(in: network).subnet == old.subnet)
        #expect(gateway.subnet.contains(try await fixture.peer(of: gateway).peer.address))
    }

    @Test("a journal without a number for the next change refuses changes and says so")
    func revisionsUsedUp() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        try await fixture.store.write { db in
            try db.executeScript("UPDATE journal_position SET revision = \(Int64.max - 1)")
        }
        await #expect(throws: ServiceError.storageUnavailable(.revisionsUsedUp)) {
            _ = try await fixture.network()
        }
        #expect(fixture.store.trouble == nil, "no probe could find that it is over")
        _ = try await fixture.controlPlane.showNetwork(network.id, by: fixture.caller)
    }
}
