import GatewayDomain
import NetAddress
import PostgreSQLTestSupport
import TestSupport
import Testing

@testable import GatewayStore

@Suite(.serialized)
struct TransferTests {
    @Test("a database comes to the other engine and back with every row, and its revisions go on")
    func thereAndBack() async throws {
        let directory = try TemporaryDirectory()
        let before = try await Self.fill(directory.path)
        let cluster = try PostgreSQLCluster()
        let url = try cluster.makeDatabase("wgw")
        let source = TransferSource.directory(directory.path)
        let moved = try Transfer.move(from: source, to: .postgreSQL(url: url))
        #expect(moved.embeddedNode?.activity.gatewaysCount == 1)
        #expect(moved.counts.contains { $0.table == "event" && $0.rows == 520 })
        let there = try Contents(TransferSource.snapshot(url: url))
        #expect(there.rows == before.rows)
        #expect(
            there.rows.values.map(\.count).reduce(0, +) == moved.counts.reduce(0) { $0 + $1.rows }
        )
        #expect(there.timeline != before.timeline && there.position > before.position)

        let server = try Store(postgreSQL: url)
        let next = try await server.write { db in
            try Events.append(.of(.peer, "later", .created), db)
            return try Events.newestRevision(db)
        }
        server.end()
        #expect(next == there.position + 1)
        let file = directory.path + "/copy.db"
        let back = try Transfer.move(from: .postgreSQL(url: url), to: .file(file))
        #expect(back.counts.contains { $0.table == "event" && $0.rows == 521 })
        let copy = try DatabaseCopy(path: file)
        try copy.check()
        try copy.close()
        let here = try Contents(TransferSource.file(file))
        #expect(try here.rows == Contents(TransferSource.snapshot(url: url)).rows)
        #expect(here.rows["peer"] == before.rows["peer"])
        #expect(try Contents(source) == before, "the source is as it was")
    }

    @Test("a database that holds anything is no target, and stays as it is")
    func notEmpty() async throws {
        let directory = try TemporaryDirectory()
        _ = try await Self.fill(directory.path)
        let source = TransferSource.directory(directory.path)
        let cluster = try PostgreSQLCluster()
        let url = try cluster.makeDatabase("wgw")
        _ = try Transfer.move(from: source, to: .postgreSQL(url: url))
        let before = try Contents(.snapshot(url: url))
        #expect(throws: TransferFailure.notEmpty(table: "organization")) {
            try Transfer.move(from: source, to: .postgreSQL(url: url))
        }
        #expect(try Contents(.snapshot(url: url)) == before)
        let foreign = try cluster.makeDatabase("foreign_tables")
        try cluster.execute(["CREATE TABLE orders (id INT)"], database: "foreign_tables")
        #expect(throws: StoreError.foreignTable("orders")) {
            try Transfer.move(from: source, to: .postgreSQL(url: foreign))
        }
        #expect(throws: TransferFailure.nothingThere) {
            try Transfer.move(from: .postgreSQL(url: foreign), to: .file(directory.path + "/x"))
        }
    }

    @Test("no server has either database while one is moved to the other")
    func servers() async throws {
        let directory = try TemporaryDirectory()
        _ = try await Self.fill(directory.path)
        let cluster = try PostgreSQLCluster()
        let url = try cluster.makeDatabase("wgw")
        var tried = 0
        _ = try Transfer.move(from: .directory(directory.path), to: .postgreSQL(url: url)) { _, _ in
            #expect(throws: StoreError.locked(path: directory.path)) {
                try Store(directory: directory.path)
            }
            tried += 1
        }
        let other = try PostgreSQLSession(PostgreSQLServers(url: url))
        let file = directory.path + "/copy.db"
        _ = try Transfer.move(from: .postgreSQL(url: url), to: .file(file)) { _, _ in
            #expect(throws: StoreError.databaseBusy) {
                try other.transaction(DamagedRows()) { db throws(StoreError) in
                    try db.execute("SET LOCAL lock_timeout = '1ms'")
                    return try db.rows(PostgreSQLWriter.lock)
                }
            }
            tried += 1
        }
        #expect(tried > 60)
        try cluster.execute(
            ["INSERT INTO lease SELECT 'server a', 'a', 1, \(Int64.max)"],
            database: "wgw"
        )
        #expect(throws: TransferFailure.inUse) {
            try Transfer.move(from: .postgreSQL(url: url), to: .file(file + "2"))
        }
        let copied = try TransferSource.snapshot(url: url).read {
            try $0.number("SELECT 7 AS value")
        }
        #expect(copied == 7)
    }

    @Test("a row that the other engine does not take is named, and nothing is stored")
    func refused() async throws {
        let directory = try TemporaryDirectory()
        _ = try await Self.fill(directory.path)
        let id = try await Self.damagePeer(directory.path)
        let cluster = try PostgreSQLCluster()
        let url = try cluster.makeDatabase("wgw")
        let error = #expect(throws: TransferFailure.self) {
            try Transfer.move(from: .directory(directory.path), to: .postgreSQL(url: url))
        }
        guard case .refused("peer", id, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try Contents(.snapshot(url: url)).rows.isEmpty)
    }

    @Test("a target that stores something else than it was given is noticed before the commit")
    func differs() async throws {
        let directory = try TemporaryDirectory()
        _ = try await Self.fill(directory.path)
        let cluster = try PostgreSQLCluster()
        let url = try cluster.makeDatabase("wgw")
        try Store(postgreSQL: url).end()
        try cluster.execute(
            [
                """
                CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
                $$BEGIN NEW.name := 'other'; RETURN NEW; END$$
                """,
                "CREATE TRIGGER spoil BEFORE INSERT ON network FOR EACH ROW EXECUTE FUNCTION spoil()",
            ],
            database: "wgw"
        )
        let error = #expect(throws: TransferFailure.self) {
            try Transfer.move(from: .directory(directory.path), to: .postgreSQL(url: url))
        }
        guard case .differs("network", _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try Contents(.snapshot(url: url)).rows.isEmpty)
    }

    @Test(
        "every table of the schema goes along, by its primary key, but for what servers alone need"
    )
    func tables() async throws {
        let lines = try await Store.inMemory().read { db in
            try db.rows(
                """
                SELECT t.name || ' ' || (SELECT group_concat(name, ' ') FROM (
                    SELECT name FROM pragma_table_info(t.name) WHERE pk ORDER BY pk)) AS line
                FROM sqlite_schema AS t
                WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
                    AND name NOT IN ('migration', 'journal_position')
                """
            ).map { row throws(StoreError) in try row.value("line") as String }
        }
        let left = TransferredTable.ofRunningServers
        let others = lines.filter { line in !left.contains { line.hasPrefix("\($0) ") } }
        #expect(lines.count - others.count == left.count)
        let known = TransferredTable.all.map { ([$0.name] + $0.key).joined(separator: " ") }
        #expect(others.sorted() == known.sorted())
        #expect(TransferredTable.shortLived.isSubset(of: TransferredTable.all.map(\.name)))
    }

    /// - Returns: its id.
    private static func damagePeer(_ directory: String) async throws -> String {
        let store = try Store(directory: directory)
        defer { store.end() }
        return try await store.write { db in
            let id = try #require(try db.row("SELECT max(id) AS id FROM peer")).text("id")
            try db.execute("UPDATE peer SET created_at = 'never' WHERE id = \(id)")
            return id
        }
    }

    /// - Returns: what it holds.
    private static func fill(_ directory: String) async throws -> Contents {
        let store = try Store(directory: directory)
        let fixture = try await StoreFixture(store: store)
        let gateway = try fixture.gateway(port: 5000, subnet: "172.27.0.0/20")
        var peers = (2..<522).map { (last: UInt32) in
            fixture.peer(of: gateway, address: IPv4Address(bits: 0xac1b_0000 + last))
        }
        peers[0].allowedIPs = [try IPPrefix("10.1.0.0/16"), try IPPrefix("fd00::/64")]
        peers[1].name = "Zoë's \"laptop\"\n\u{1F600}"
        let all = peers
        try await store.write { db in
            try Gateways.insert(gateway, sealedPrivateKey: [1, 0, 255], db)
            for peer in all {
                try Peers.insert(peer, sealedPresharedKey: [7], db)
                try Events.append(.of(.peer, "\(peer.id)", .created), db)
            }
        }
        store.end()
        return try await store.read { db in try Contents(db) }
    }
}

/// What a database holds, but for what it says of itself.
private struct Contents: Equatable {
    var rows: [String: [[SQLValue]]] = [:]
    let timeline: String
    let position: Int64

    init(_ source: TransferSource) throws { self = try source.read { try Contents($0) } }

    init(_ db: any SQLConnection) throws {
        for table in TransferredTable.all {
            let found = try table.page(nil, behind: nil, count: 100_000, db)
            if !found.isEmpty {
                // Columns have another order where a migration made a table anew.
                rows[table.name] = found.map { row in
                    row.names.sorted().map { row.stored($0) ?? .null }
                }
            }
        }
        timeline = try Installation.timeline(db)
        position = try #require(try db.row("SELECT revision FROM journal_position"))
            .value("revision")
    }
}
