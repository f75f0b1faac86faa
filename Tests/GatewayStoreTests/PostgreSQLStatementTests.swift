import GatewayDomain
import NetAddress
import StoreTestSupport
import TestSupport
import Testing

@testable import GatewayStore

/// What statements cost on PostgreSQL, and what becomes of their errors.
struct PostgreSQLStatementTests {
    @Test(
        "a peer's creation reads no other peer, though the statements were planned for an empty table"
    )
    func plans() async throws {
        let store = try TestStore.onPostgreSQL(servers: 1)[0]
        let fixture = try await StoreFixture(store: store)
        let gateway = try fixture.gateway(port: 5000, subnet: "172.27.0.0/16")
        try await store.write { db in try Gateways.insert(gateway, sealedPrivateKey: [1], db) }
        // The server keeps a plan from the sixth time on.
        for _ in 0..<8 { _ = try await fixture.rowsRead(byPeerOf: gateway) }
        let first: Int64 = 0xac1b_1000
        let peersCount: Int64 = 2_000
        _ = try await store.write { db in
            try db.execute(
                """
                INSERT INTO peer (id, organization_id, gateway_id, public_key, address, created_at,
                    updated_at)
                SELECT n, \(gateway.organizationID), \(gateway.id), n, n + \(first), 1, 1
                FROM generate_series(1, \(peersCount)) AS series (n)
                """
            )
        }
        #expect(
            try await eventually { try await fixture.rowsRead(byPeerOf: gateway) < 100 }
        )
    }

    @Test(
        "an error of a statement whose answer is not waited for undoes the transaction, and no other one"
    )
    func aside() async throws {
        let store = try TestStore.onPostgreSQL(servers: 1)[0]
        for isLast in [true, false] {
            await #expect(throws: StoreError.self) {
                try await store.write { db in
                    try Installation.set([1], for: "test", db)
                    try db.send("INSERT INTO journal_position (id, revision) VALUES (2, 0)")
                    if !isLast { try Installation.set([2], for: "test", db) }
                }
            }
            try await store.write { db in try Installation.set([3], for: "other", db) }
        }
        let values = try await store.read { db in
            try ["test", "other"].map { try Installation.value(of: $0, db) }
        }
        #expect(values == [nil, [3]])
    }
}

extension StoreFixture {
    /// Makes a peer, and answers how many rows of all tables that has looked at.
    fileprivate func rowsRead(byPeerOf gateway: Gateway) async throws -> Int {
        try await store.write { db in
            let before = try db.number(Self.rowsRead)
            let address = try #require(try PeerAddresses.takeLowest(of: gateway, at: start, db))
            try Peers.insert(peer(of: gateway, address: address), sealedPresharedKey: nil, db)
            return try db.number(Self.rowsRead) - before
        }
    }

    private static let rowsRead: SQL = """
        SELECT CAST(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) AS BIGINT) AS value
        FROM pg_stat_xact_user_tables
        """
}
