import Foundation
import GatewayDomain
import PostgreSQLTestSupport
import Synchronization
import TestSupport
import Testing

@testable import GatewayStore

/// Servers of two versions on one database.
@Suite(.serialized)
struct TwoVersionsTests {
    private static let newer =
        Migrations.all + [
            Migrations.Migration(
                id: "2999-01-01-colour",
                script: "ALTER TABLE region ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'"
            )
        ]

    @Test(
        "of two servers that start at once, one migrates; the other waits, and finds that it is done"
    )
    func atOnce() async throws {
        let cluster = try PostgreSQLCluster()
        let url = try cluster.makeDatabase("wgw")
        try Store(postgreSQL: url).end()
        let first = try PostgreSQLSession(PostgreSQLServers(url: url))
        let second = Mutex<Result<Void, any Error>?>(nil)
        try Migrations.runOnPostgreSQL(Self.newer) { body throws(StoreError) in
            try first.transaction(DamagedRows()) { db throws(StoreError) in
                guard try body(db) else { return false }
                Thread.detachNewThread {
                    let result = Result {
                        let other = try PostgreSQLSession(PostgreSQLServers(url: url))
                        try Migrations.runOnPostgreSQL(Self.newer) { body throws(StoreError) in
                            try other.transaction(DamagedRows(), body)
                        }
                    }
                    second.withLock { $0 = result }
                }
                // It holds on before the commit until the other one waits.
                let waiting: SQL = """
                    SELECT count(*) AS value FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                    """
                while try db.number(waiting) == 0 { usleep(10_000) }
                #expect(second.withLock { $0 == nil })
                return true
            }
        }
        #expect(try await eventually { second.withLock { $0 != nil } })
        try second.withLock { try $0?.get() }
        #expect(try Self.colours(cluster) == "1\n")
    }

    @Test("a server of the version before reads on while a newer one writes, and stores nothing")
    func versionBefore() async throws {
        let cluster = try PostgreSQLCluster()
        let url = try cluster.makeDatabase("wgw")
        let old = try Store(postgreSQL: url)
        try await Self.add("old", old)
        let new = try PostgreSQLDatabase(url: url, Self.newer, damage: DamagedRows())
        _ = try await new.write(
            { db in
                try db.execute(
                    """
                    INSERT INTO region (code, name, created_at, updated_at, colour)
                    VALUES ('new', 'new', 1, 1, 'blue')
                    """
                )
            },
            committed: nil
        )
        await #expect(throws: ServiceError.storageUnavailable(.newerSchema)) {
            try await Self.add("late", old)
        }
        #expect(old.trouble == .newerSchema)
        #expect(await old.lookAfter() == .newerSchema)
        let codes = try await old.read { try Regions.all($0).map(\.code) }
        #expect(codes.sorted() == ["new", "old"])
        new.end()
        old.end()
    }

    @Test("a database of a newer version and one of an older version are refused in other words")
    func refused() throws {
        let cluster = try PostgreSQLCluster()
        let url = try cluster.makeDatabase("wgw")
        for source in [TransferSource.postgreSQL(url: url), .snapshot(url: url)] {
            #expect(throws: TransferFailure.nothingThere) { try Self.look(at: source) }
        }
        try PostgreSQLDatabase(url: url, Self.newer, damage: DamagedRows()).end()
        let newer = StoreError.newerVersion(
            found: "2999-01-01-colour",
            supported: Migrations.all.last?.id ?? ""
        )
        #expect(throws: newer) { try Store(postgreSQL: url) }
        #expect(throws: newer) { try Self.look(at: .snapshot(url: url)) }
        let last = try #require(Migrations.all.last).id
        try cluster.execute(
            ["DELETE FROM migration WHERE id IN ('2999-01-01-colour', '\(last)')"],
            database: "wgw"
        )
        let error = #expect(throws: StoreError.self) { try Self.look(at: .snapshot(url: url)) }
        guard case .olderVersion? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description != newer.description)
    }

    private static func look(at source: TransferSource) throws {
        try source.read { _ in }
    }

    private static func add(_ region: String, _ store: Store) async throws {
        _ = try await store.write { db in
            try db.execute(
                """
                INSERT INTO region (code, name, created_at, updated_at)
                VALUES (\(region), \(region), 1, 1)
                """
            )
        }
    }

    /// How many columns of that name there are.
    private static func colours(_ cluster: PostgreSQLCluster) throws -> String {
        try cluster.execute(
            ["SELECT count(*) FROM information_schema.columns WHERE column_name = 'colour'"],
            database: "wgw"
        )
    }
}
