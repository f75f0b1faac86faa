import GatewayDomain
import GatewayStore
import NetAddress
import NodeProtocol
import ServiceTestSupport
import StoreTestSupport
import Testing

@testable import GatewayService

struct CrowdedGatewayTests {
    private static let peersCount = 60_000

    @Test(
        "creating a peer costs the database the same with sixty thousand peers before it",
        .onlyOnSQLite("its machine's steps are counted")
    )
    func creation() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await Self.crowdedGateway(fixture)
        let alone = try await Self.costOfFirstPeer()
        for _ in 0..<3 {
            let cost = try await fixture.steps { _ = try await fixture.peer(of: gateway) }
            #expect(cost < 2 * alone, "\(cost) steps, and \(alone) without the others")
        }
    }

    @Test(
        "peers that were deleted by the thousand do not make the next peer's creation dearer",
        .onlyOnSQLite("its machine's steps are counted")
    )
    func creationAfterDeletions() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await Self.crowdedGateway(fixture)
        let now = fixture.clock.now()
        try await fixture.store.write { db in
            _ = try db.execute(
                """
                INSERT INTO released_address (gateway_id, organization_id, address, released_at)
                SELECT gateway_id, organization_id, address, \(now) FROM peer
                WHERE address % 2 = 0
                """
            )
            _ = try db.execute("DELETE FROM peer WHERE address % 2 = 0")
        }
        let alone = try await Self.costOfFirstPeer()
        var addresses: [String] = []
        for round in 0..<20 {
            if round == 10 { fixture.clock.advance(seconds: 600) }
            let cost = try await fixture.steps {
                addresses.append(try await fixture.peer(of: gateway).peer.address.description)
            }
            // One ends the rest of all addresses that were released until then.
            guard round != 10 else { continue }
            #expect(cost < 2 * alone, "\(cost) steps, and \(alone) without the others")
        }
        #expect(addresses[0] == "172.27.234.98")
        #expect(addresses[10...12] == ["172.27.0.2", "172.27.0.4", "172.27.0.6"])
    }

    @Test(
        "deleting a gateway of sixty thousand peers deletes them all, and others are served meanwhile"
    )
    func deletion() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await Self.crowdedGateway(fixture)
        let before = try await fixture.controlPlane.nodeFeed.snapshot()
        #expect(before.peers.count == Self.peersCount)
        let first = try await fixture.controlPlane.perform(
            .deletePartOfGateway(gateway.id, if: .none),
            by: fixture.caller
        )
        #expect(first == nil)
        // Others get their turn meanwhile, but for new peers of this gateway it is too late.
        let shown = try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller)
        #expect(shown.status == .deleting)
        #expect(shown.activity.peersCount > 0)
        #expect(shown.activity.peersCount < Self.peersCount)
        let refusal = await #expect(throws: ServiceError.self) {
            try await fixture.peer(of: gateway)
        }
        #expect(refusal?.isAboutGateway == true)
        let deleted = try await fixture.controlPlane.deleteGateway(gateway.id, by: fixture.caller)
        #expect(deleted.status == .deleting)
        let after = try await fixture.controlPlane.nodeFeed.snapshot()
        #expect(after.peers.isEmpty)
        #expect(after.gateways.isEmpty)
        #expect(after.revision == before.revision + Int64(Self.peersCount) + 2)
    }

    @Test(
        "a gateway's deletion that was cut short is completed later, and no report of the node undoes it"
    )
    func cutShort() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        try await fixture.store.write { db in
            _ = try db.execute("UPDATE gateway SET status = 'deleting'")
        }
        let report = GatewayReport(id: gateway.id, status: .provisioned, reason: nil)
        try await fixture.controlPlane.nodeFeed.report(gateways: [report])
        let shown = try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller)
        #expect(shown.status == .deleting)
        _ = try await fixture.controlPlane.deleteGateway(gateway.id, by: fixture.caller)
        #expect(try await fixture.controlPlane.nodeFeed.snapshot().gateways.isEmpty)
    }

    @Test(
        "a rehearsal ends before the deletion of sixty thousand peers, for which all others would wait"
    )
    func rehearsal() async throws {
        let fixture = try await ServiceFixture()
        let crowded = try await Self.crowdedGateway(fixture)
        let small = try await fixture.gateway(in: fixture.network())
        _ = try await fixture.peer(of: small)
        let steps = [small, crowded, small].map { gateway in
            RehearsedStep(name: nil, needs: []) { _ in
                Verb<Gateway>.rehearseGatewayDeletion(gateway.id).map { "\($0.id)" }
            }
        }
        let outcome = try await fixture.controlPlane.rehearse(steps, by: fixture.caller)
        #expect(outcome.triedCount == 1, "the second deletion of the small one would be refused")
        #expect(outcome.refusals.isEmpty)
        // Nothing of all that has happened.
        #expect(
            try await fixture.controlPlane.nodeFeed.snapshot().peers.count == Self.peersCount + 1
        )
    }

    private static func costOfFirstPeer() async throws -> Int {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        return try await fixture.steps { _ = try await fixture.peer(of: gateway) }
    }

    /// So many hexadecimal digits of the number `n`.
    private static func digits(_ count: Int) -> SQL {
        SQL(
            stringLiteral: TestStore.isOnPostgreSQL
                ? "lpad(to_hex(n), \(count), '0')" : "printf('%0\(count)x', n)"
        )
    }

    /// Peers on the lowest addresses, as if they had been made one by one.
    private static func crowdedGateway(_ fixture: ServiceFixture) async throws -> Gateway {
        let gateway = try await fixture.gateway(in: fixture.network()) {
            $0.subnet = .value(SubnetPlan.defaultBlock)
        }
        let first = Int64(gateway.subnet.firstAddress.bits) + 2
        try await fixture.store.write { db in
            _ = try db.execute(
                """
                WITH RECURSIVE number (n) AS (
                    SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < \(peersCount - 1))
                INSERT INTO peer (id, organization_id, gateway_id, public_key, address,
                    created_at, updated_at)
                SELECT '00000000-0000-4000-8000-' || \(digits(12)), \(gateway.organizationID),
                    \(gateway.id), \(digits(42)) || 'A=', n + \(first), n, n FROM number
                """
            )
            _ = try db.execute(
                """
                UPDATE gateway SET peers_count = \(peersCount),
                    next_address = \(first + Int64(peersCount))
                """
            )
        }
        return gateway
    }
}

extension ServiceFixture {
    /// The instructions of SQLite's machine that the work takes: its cost, whatever else the
    /// computer does meanwhile.
    fileprivate func steps(_ work: () async throws -> Void) async throws -> Int {
        let before = try await stepsSoFar()
        try await work()
        return try await stepsSoFar() - before
    }

    /// Of all statements, which an open database keeps and counts.
    private func stepsSoFar() async throws -> Int {
        try await store.read { db in
            try db.number("SELECT coalesce(sum(nstep), 0) AS value FROM sqlite_stmt")
        }
    }
}

extension ServiceError {
    fileprivate var isAboutGateway: Bool {
        guard case .invalid(let problems) = self else { return false }
        return problems.map(\.pointer) == ["/wireguard_interface_id"]
    }
}
