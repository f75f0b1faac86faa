import GatewayDomain
import GatewayService
import GatewayStore
import NetAddress
import ServiceTestSupport
import StoreTestSupport
import Testing

@Suite(
    "A damaged object says what is damaged, and can be deleted",
    .onlyOnSQLite("PostgreSQL stores only values of a column's type, and within its constraints")
)
struct DamagedObjectTests {
    private static let tooLate = "9223372036854775807"

    @Test(
        "a damaged gateway is refused by name and column, and deleted with its peers",
        arguments: [
            ("name", "x'00'"), ("enables_sip_trunking", "'yes'"), ("status", "'odd'"),
            ("status_reason", "x'00'"), ("public_key", "'short'"),
            ("endpoint_address", "'no where'"),
            ("port", "'many'"), ("port", "0"), ("subnet", "'nowhere'"), ("subnet", "x'00'"),
            ("mtu", "'much'"), ("persistent_keepalive", "'often'"), ("peers_count", "'many'"),
            ("peers_count", "x'00'"), ("latest_handshake_at", "'now'"), ("rx_bytes", "'many'"),
            ("tx_bytes", "x'00'"), ("egress_left_bytes", "'many'"), ("created_at", "'once'"),
            ("updated_at", "x'00'"),
        ]
    )
    func gateway(column: String, value: String) async throws {
        let fixture = try await ServiceFixture()
        let (controlPlane, caller) = (fixture.controlPlane, fixture.caller)
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network)
        let peers = [try await fixture.peer(of: gateway), try await fixture.peer(of: gateway)]
        try await fixture.damage("gateway", gateway.id, column, value)

        await fixture.expectDamaged("gateway", gateway.id, column) {
            _ = try await controlPlane.showGateway(gateway.id, by: caller)
        }
        _ = try await controlPlane.perform(.deletePeer(peers[0].peer.id), by: caller)
        let deleted = try await controlPlane.deleteGateway(gateway.id, by: caller)
        #expect(deleted.id == gateway.id)
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.showGateway(gateway.id, by: caller)
        }
        let next = try await fixture.gateway(in: network)
        #expect(network.addressBlock.contains(next.subnet), "its subnet stands in nobody's way")
        _ = try await controlPlane.deleteGateway(next.id, by: caller)
        _ = try await controlPlane.perform(.deleteNetwork(network.id), by: caller)
        #expect(try await fixture.lastEntry(of: "\(gateway.id)")?.operation == .deleted)
        #expect(try await fixture.lastEntry(of: "\(peers[1].peer.id)")?.operation == .deleted)
    }

    @Test(
        "a damaged peer is refused by name and column, and deleted",
        arguments: [
            ("name", "x'00'"), ("public_key", "'short'"), ("address", "'10.0.0.1'"),
            ("address", "-1"), ("address", "5"), ("persistent_keepalive", "'often'"),
            ("last_seen", "'never'"), ("latest_handshake_at", "'now'"),
            ("endpoint", "'everywhere'"), ("rx_bytes", "'many'"), ("tx_bytes", "x'00'"),
            ("egress_entered_bytes", "x'00'"),
            ("created_at", "'once'"), ("updated_at", "x'00'"), ("created_at", tooLate),
        ],
        [false, true]
    )
    func peer(damage: (String, String), isDeletedWithGateway: Bool) async throws {
        let (column, value) = damage
        let fixture = try await ServiceFixture()
        let (controlPlane, caller) = (fixture.controlPlane, fixture.caller)
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network)
        let (peer, other) = (
            try await fixture.peer(of: gateway).peer, try await fixture.peer(of: gateway).peer
        )
        var request = NewDefaultGateway()
        request.peerID = .value(peer.id)
        _ = try await controlPlane.perform(
            .createDefaultGateway(of: network.id, request),
            by: caller
        )
        try await fixture.damage("peer", peer.id, column, value)

        let isReadable = ["5", Self.tooLate].contains(value)
        if !isReadable {
            await fixture.expectDamaged("peer", peer.id, column) {
                _ = try await controlPlane.showPeer(peer.id, by: caller)
            }
            await fixture.expectDamaged("peer", peer.id, column) {
                _ = try await controlPlane.perform(.updatePeer(peer.id, PeerChange()), by: caller)
            }
            await fixture.expectDamaged("peer", peer.id, column) {
                _ = try await controlPlane.readPeerTunnel(peer.id, fullTunnel: false, by: caller)
            }
        }
        if isDeletedWithGateway {
            _ = try await controlPlane.deleteGateway(gateway.id, by: caller)
        } else {
            _ = try await controlPlane.perform(.deletePeer(peer.id), by: caller)
            #expect(
                try await controlPlane.showGateway(gateway.id, by: caller).activity.peersCount == 1
            )
            let (next, last) = (
                try await fixture.peer(of: gateway), try await fixture.peer(of: gateway)
            )
            for new in [next.peer, last.peer] {
                #expect(gateway.subnet.contains(new.address))
                #expect(new.address != other.address)
            }
        }
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.showPeer(peer.id, by: caller)
        }
        #expect(try await controlPlane.showDefaultGateway(of: network.id, by: caller) == nil)
        #expect(try await fixture.lastEntry(of: "\(peer.id)")?.operation == .deleted)
    }

    @Test("a gateway goes with peers whose ids cannot be read, and with many that are damaged")
    func manyPeers() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network)
        for _ in 0..<5 { _ = try await fixture.peer(of: gateway) }
        try await fixture.store.write { db in
            try db.executeScript(
                """
                UPDATE peer SET id = 'lost ' || address WHERE address % 2 = 0;
                UPDATE peer SET public_key = 'lost ' || address WHERE address % 2 = 1;
                """
            )
        }
        _ = try await fixture.controlPlane.deleteGateway(gateway.id, by: fixture.caller)
        #expect(try await fixture.lastEntry(of: "\(PeerID.substitute)") == nil)
        _ = try await fixture.controlPlane.perform(.deleteNetwork(network.id), by: fixture.caller)
    }

    @Test(
        "a damaged network is refused by name and column, and deleted",
        arguments: [
            ("name", "x'00'"), ("address_block", "'nowhere'"), ("created_at", "'once'"),
            ("updated_at", "x'00'"),
        ]
    )
    func network(column: String, value: String) async throws {
        let fixture = try await ServiceFixture()
        let (controlPlane, caller) = (fixture.controlPlane, fixture.caller)
        let network = try await fixture.network()
        try await fixture.damage("network", network.id, column, value)
        await fixture.expectDamaged("network", network.id, column) {
            _ = try await controlPlane.showNetwork(network.id, by: caller)
        }
        await fixture.expectDamaged("network", network.id, column) {
            _ = try await fixture.gateway(in: network)
        }
        _ = try await controlPlane.perform(.deleteNetwork(network.id), by: caller)
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.showNetwork(network.id, by: caller)
        }
    }

    @Test(
        "a damaged default gateway is refused by column, and deleted by itself or with its network",
        arguments: [("id", "'lost'"), ("status", "'odd'"), ("created_at", "'once'")],
        [false, true]
    )
    func defaultGateway(
        damage: (String, String),
        isDeletedWithNetwork: Bool
    ) async throws {
        let (column, value) = damage
        let fixture = try await ServiceFixture()
        let (controlPlane, caller) = (fixture.controlPlane, fixture.caller)
        let network = try await fixture.network()
        let request = NewDefaultGateway()
        let gateway = try await controlPlane.perform(
            .createDefaultGateway(of: network.id, request),
            by: caller
        )
        try await fixture.damage("default_gateway", gateway.id, column, value)
        let id = column == "id" ? "lost" : "\(gateway.id)"
        await fixture.expectDamaged("default_gateway", id, column) {
            _ = try await controlPlane.showDefaultGateway(of: network.id, by: caller)
        }
        if isDeletedWithNetwork {
            _ = try await controlPlane.perform(.deleteNetwork(network.id), by: caller)
        } else {
            _ = try await controlPlane.perform(.deleteDefaultGateway(of: network.id), by: caller)
            #expect(try await controlPlane.showDefaultGateway(of: network.id, by: caller) == nil)
        }
        // Without a readable id there is no object that the journal could name.
        let entry = try await fixture.lastEntry(of: "\(gateway.id)")
        #expect(entry?.operation == (column == "id" ? .created : .deleted))
        #expect(try await fixture.lastEntry(of: "\(DefaultGatewayID.substitute)") == nil)
    }

    @Test(
        "a damaged internet gateway is refused by name and column, and deleted",
        arguments: [
            ("name", "x'00'"), ("status", "'odd'"), ("public_address", "'no where'"),
            ("created_at", "'once'"),
        ]
    )
    func internetGateway(column: String, value: String) async throws {
        let fixture = try await ServiceFixture()
        let (controlPlane, caller) = (fixture.controlPlane, fixture.caller)
        let network = try await fixture.network()
        var request = NewInternetGateway()
        request.networkID = .value(network.id)
        request.regionCode = .value("local")
        let gateway = try await controlPlane.perform(.createInternetGateway(request), by: caller)
        try await fixture.damage("internet_gateway", gateway.id, column, value)
        await fixture.expectDamaged("internet_gateway", gateway.id, column) {
            _ = try await controlPlane.showInternetGateway(gateway.id, by: caller)
        }
        _ = try await controlPlane.perform(.deleteInternetGateway(gateway.id), by: caller)
        _ = try await controlPlane.perform(.deleteNetwork(network.id), by: caller)
    }

    @Test(
        "a damaged organization is refused by name and column, and deleted with damaged keys",
        arguments: [("name", "x'00'"), ("suspended_at", "'once'"), ("created_at", "x'00'")]
    )
    func organization(column: String, value: String) async throws {
        let fixture = try await ServiceFixture()
        let (controlPlane, caller) = (fixture.controlPlane, fixture.caller)
        let stranger = try await fixture.stranger()
        var texts: [String] = []
        for role in [Role.owner, .member] {
            var request = NewAPIKey()
            request.name = .value("key")
            request.role = .value(role)
            let made = try await controlPlane.perform(.createAPIKey(request), by: stranger)
            texts.append(made.text)
        }
        let id = stranger.organizationID
        try await fixture.damage("organization", id, column, value)
        try await fixture.store.write { db in
            try db.executeScript(
                """
                UPDATE api_key SET id = 'lost' WHERE role = 'member';
                UPDATE api_key SET prefix = x'00' WHERE role = 'owner';
                """
            )
        }
        await fixture.expectDamaged("organization", id, column) {
            _ = try await controlPlane.showOrganization(id, by: caller)
        }
        var change = OrganizationChange()
        change.name = .value("other")
        await fixture.expectDamaged("organization", id, column) {
            _ = try await controlPlane.perform(.updateOrganization(id, change), by: caller)
        }
        _ = try await controlPlane.perform(.deleteOrganization(id), by: caller)
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.showOrganization(id, by: caller)
        }
        for text in texts {
            let prepared = try await controlPlane.prepareInstallation(firstKey: text)
            guard case .givenKeyIsRevoked? = prepared.notices.first else {
                Issue.record("\(prepared.notices)")
                continue
            }
        }
    }

    @Test(
        "a damaged API key is refused by name and column, and revoked by an admin",
        arguments: [
            ("name", "x'00'"), ("role", "'odd'"), ("is_restricted", "'yes'"),
            ("hash", "zeroblob(32)"),
            ("expires_at", "'once'"), ("last_used_at", "'once'"), ("created_at", "'once'"),
        ]
    )
    func apiKey(column: String, value: String) async throws {
        let fixture = try await ServiceFixture()
        let (controlPlane, caller) = (fixture.controlPlane, fixture.caller)
        var request = NewAPIKey()
        request.name = .value("key")
        request.role = .value(.admin)
        let key = try await controlPlane.perform(.createAPIKey(request), by: caller).key
        try await fixture.damage("api_key", key.id, column, value)
        if column != "hash" {
            await fixture.expectDamaged("api_key", key.id, column) {
                _ = try await controlPlane.showAPIKey(key.id, by: caller)
            }
        }
        _ = try await controlPlane.perform(.revokeAPIKey(key.id), by: caller)
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.showAPIKey(key.id, by: caller)
        }
    }
}
