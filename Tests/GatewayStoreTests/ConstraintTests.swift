import GatewayDomain
import GatewayStore
import NetAddress
import StoreTestSupport
import Testing

struct ConstraintTests {
    @Test("each constraint of uniqueness that verbs rely on reports its own name")
    func names() async throws {
        let fixture = try await StoreFixture(store: TestStore.make())
        let first = try fixture.gateway(port: 5000, subnet: "172.27.0.0/24")
        try await fixture.store.write { try Gateways.insert(first, sealedPrivateKey: [1], $0) }

        await refused(.gatewayPort) {
            let gateway = try fixture.gateway(port: 5000, subnet: "172.27.1.0/24")
            try await fixture.store.write {
                try Gateways.insert(gateway, sealedPrivateKey: [1], $0)
            }
        }
        await refused(.gatewaySubnet) {
            let gateway = try fixture.gateway(port: 5001, subnet: "172.27.0.0/24")
            try await fixture.store.write {
                try Gateways.insert(gateway, sealedPrivateKey: [1], $0)
            }
        }
        let address = IPv4Address(bits: 5)
        let peer = fixture.peer(of: first, address: address)
        try await fixture.store.write { try Peers.insert(peer, sealedPresharedKey: nil, $0) }
        await refused(.peerAddress) {
            let other = fixture.peer(of: first, address: address)
            try await fixture.store.write { try Peers.insert(other, sealedPresharedKey: nil, $0) }
        }
        await refused(.peerPublicKey) {
            let other = fixture.peer(
                of: first,
                address: IPv4Address(bits: 6),
                publicKey: peer.publicKey
            )
            try await fixture.store.write { try Peers.insert(other, sealedPresharedKey: nil, $0) }
        }
        await refused(Constraint(rawValue: "gateway_port_in_range")) {
            let gateway = try fixture.gateway(port: 0, subnet: "172.27.2.0/24")
            try await fixture.store.write {
                try Gateways.insert(gateway, sealedPrivateKey: [1], $0)
            }
        }
    }

    @Test("no row can refer to a parent of another organization")
    func foreignParent() async throws {
        let fixture = try await StoreFixture(store: TestStore.make())
        let stranger = Organization(
            id: .random(),
            name: "other",
            createdAt: fixture.start,
            updatedAt: fixture.start
        )
        let gateway = try fixture.gateway(port: 5000, subnet: "172.27.0.0/24")
        try await fixture.store.write { db in
            try Organizations.insert(stranger, db)
            try Gateways.insert(gateway, sealedPrivateKey: [1], db)
        }
        await refused(.foreignKey) {
            try await fixture.store.write { db in
                _ = try db.execute(
                    """
                    INSERT INTO peer (id, organization_id, gateway_id, public_key, address,
                        created_at, updated_at)
                    VALUES ('x', \(stranger.id), \(gateway.id), 'key', 1, 0, 0)
                    """
                )
            }
        }
    }

    private func refused(
        _ constraint: Constraint,
        _ body: () async throws -> Void
    ) async {
        await #expect(throws: StoreError.violated(constraint)) { try await body() }
    }
}
