import GatewayStore
import StoreTestSupport
import Testing

struct SQLTests {
    @Test("every value interpolated into SQL becomes a binding, numbered from one")
    func bindings() {
        let name = "x'; DROP TABLE peer; --"
        let nothing: String? = nil
        let sql: SQL = "SELECT a FROM b WHERE c = \(name) AND d = \(7) AND e IS \(nothing)"
        #expect(sql.text(for: .sqlite) == "SELECT a FROM b WHERE c = ?1 AND d = ?2 AND e IS ?3")
        #expect(sql.text(for: .postgreSQL).hasSuffix("c = $1 AND d = $2 AND e IS $3"))
        #expect(sql.values == [.text(name), .integer(7), .null])
    }

    @Test("SQL fragments that are joined keep their bindings in order")
    func fragments() {
        var condition: SQL = "a = \(1)"
        condition.append(" AND b = \("two")")
        let sql: SQL = "SELECT \("columns" as SQL) FROM t WHERE \(condition) LIMIT \(3)"
        #expect(
            sql.text(for: .sqlite) == "SELECT columns FROM t WHERE a = ?1 AND b = ?2 LIMIT ?3"
        )
        #expect(sql.values == [.integer(1), .text("two"), .integer(3)])
    }

    @Test("a part that the engines spell differently leaves the bindings around it where they are")
    func spelled() {
        let greatest = SQL.spelled(sqlite: "max", postgreSQL: "greatest")
        var sql: SQL = "SELECT \(greatest)(\(1), \(2))"
        sql.append(" FROM t WHERE a = \(greatest)(b, \("three"))")
        #expect(sql.text(for: .sqlite) == "SELECT max(?1, ?2) FROM t WHERE a = max(b, ?3)")
        #expect(
            sql.text(for: .postgreSQL)
                == "SELECT greatest($1, $2) FROM t WHERE a = greatest(b, $3)"
        )
        #expect(sql.values == [.integer(1), .integer(2), .text("three")])
    }

    @Test("hostile text in SQL is stored and found as it is")
    func hostileText() async throws {
        let store = try await TestStore.make()
        let hostile = "Robert'); DROP TABLE organization; --"
        let found = try await store.write { db in
            try db.execute(
                "INSERT INTO organization (id, name, created_at) VALUES ('1', \(hostile), \(0))"
            )
            return try db.row("SELECT name FROM organization WHERE name = \(hostile)")
        }
        let name: String? = try found?.value("name")
        #expect(name == hostile)
    }

    @Test("rows that a statement changes are counted, and not those that it reads")
    func changedRows() async throws {
        let store = try await TestStore.make()
        let counts = try await store.write { db in
            let before = db.totalChanges
            try db.execute(
                "INSERT INTO organization (id, name, created_at) VALUES ('1', 'a', 0), ('2', 'b', 0)"
            )
            let written = db.totalChanges
            _ = try db.rows("SELECT name FROM organization")
            _ = try db.rows("WITH pair AS (SELECT name FROM organization) SELECT name FROM pair")
            let read = db.totalChanges
            _ = try db.rows("UPDATE organization SET name = 'c' WHERE id = '1' RETURNING name")
            return [written, read, db.totalChanges].map { $0 - before }
        }
        #expect(counts == [2, 2, 3])
    }

    @Test("a column of another type than expected is an error that names the column")
    func wrongType() async throws {
        let store = try await TestStore.make()
        let row = try await store.read { db in try db.row("SELECT 'text' AS port, NULL AS gone") }
        let answer = try #require(row)
        #expect(throws: StoreError.unreadableColumn("port")) {
            let _: Int = try answer.value("port")
        }
        #expect(throws: StoreError.unreadableColumn("gone")) {
            let _: Int = try answer.value("gone")
        }
        #expect(throws: StoreError.unreadableColumn("other")) {
            let _: Int? = try answer.optional("other")
        }
        let gone: Int? = try answer.optional("gone")
        #expect(gone == nil)
    }
}
