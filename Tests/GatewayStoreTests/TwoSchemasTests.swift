import PostgreSQLTestSupport
import Testing

@testable import GatewayStore

/// Statements name tables and columns, and rules name constraints: they are the same on both engines.
struct TwoSchemasTests {
    @Test("both engines have the same tables, columns, keys, references, checks and indexes")
    func same() async throws {
        let cluster = try PostgreSQLCluster()
        let scripts =
            [Migrations.table, Migrations.postgreSQLBaseline].map(ColumnTypes.postgreSQL)
            + Migrations.sinceThen.map(\.postgreSQL)
        let postgreSQL = try cluster.execute(
            scripts + [Self.columns, Self.keys, Self.references, Self.checks, Self.indexes]
        )
        let sqlite = try await Store.inMemory().read { db in
            try Self.ofSQLite.flatMap { sql in
                try db.rows(sql).map { row throws(StoreError) in try row.value("line") as String }
            }
        }
        // SQLite tells by itself whether a commit was stored.
        let lines = Set(
            postgreSQL.split(separator: "\n").map(String.init)
                .filter { !$0.hasPrefix("commit_mark") }
        )
        #expect(lines.count > 300)
        #expect(lines.subtracting(sqlite).sorted() == [], "only PostgreSQL has these")
        #expect(Set(sqlite).subtracting(lines).sorted() == [], "only SQLite has these")
    }

    private static let columns = """
        SELECT table_name || '.' || column_name || ': ' || data_type
            || coalesce(' ' || collation_name, '')
            || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
            || coalesce(' DEFAULT ' || replace(column_default, '::text', ''), '')
        FROM information_schema.columns WHERE table_schema = 'public'
        """

    private static let keys = """
        SELECT conrelid::regclass || CASE contype WHEN 'p' THEN ' primary key ' ELSE ' unique ' END
            || \(names(of: "conkey", "conrelid"))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u')
        """

    private static let references = """
        SELECT conrelid::regclass || ' ' || \(names(of: "conkey", "conrelid")) || ' references '
            || confrelid::regclass || ' ' || \(names(of: "confkey", "confrelid"))
            || CASE confdeltype WHEN 'c' THEN ' CASCADE' ELSE ' NO ACTION' END
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype = 'f'
        """

    private static let checks = """
        SELECT conrelid::regclass || ' check ' || conname
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype = 'c'
        """

    private static let indexes = """
        SELECT indrelid::regclass || ' index ' || indexrelid::regclass
            || CASE WHEN indisunique THEN ' unique' ELSE '' END
            || CASE WHEN indpred IS NULL THEN '' ELSE ' partial' END
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE relnamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid
                AND contype IN ('p', 'u'))
        """

    private static func names(of numbers: String, _ table: String) -> String {
        """
        (SELECT string_agg(attname, ', ' ORDER BY place)
         FROM unnest(\(numbers)) WITH ORDINALITY AS part (number, place)
         JOIN pg_attribute ON attrelid = \(table) AND attnum = part.number)
        """
    }

    private static let tables = """
        FROM (SELECT name, sql FROM sqlite_schema
              WHERE type = 'table' AND name NOT LIKE 'sqlite_%') AS t
        """

    private static let ofSQLite: [SQL] = [
        """
        SELECT t.name || '.' || c.name || ': '
            || CASE c.type WHEN 'TEXT' THEN 'text C' WHEN 'INTEGER' THEN 'bigint' ELSE 'bytea' END
            || CASE WHEN c."notnull" OR c.pk THEN ' NOT NULL' ELSE '' END
            || coalesce(' DEFAULT ' || c.dflt_value, '') AS line
        \(raw(tables)) JOIN pragma_table_info(t.name) AS c
        """,
        """
        SELECT name || ' primary key ' || group_concat(column, ', ') AS line
        FROM (SELECT t.name AS name, c.name AS column \(raw(tables))
              JOIN pragma_table_info(t.name) AS c WHERE c.pk ORDER BY t.name, c.pk)
        GROUP BY name
        """,
        """
        SELECT table_name || ' unique ' || group_concat(column, ', ') AS line
        FROM (SELECT t.name AS table_name, i.name AS name, c.name AS column \(raw(tables))
              JOIN pragma_index_list(t.name) AS i JOIN pragma_index_info(i.name) AS c
              WHERE i.origin = 'u' ORDER BY i.name, c.seqno)
        GROUP BY name
        """,
        """
        SELECT name || ' ' || group_concat("from", ', ') || ' references ' || "table" || ' '
            || group_concat("to", ', ') || ' ' || on_delete AS line
        FROM (SELECT t.name AS name, r.* \(raw(tables))
              JOIN pragma_foreign_key_list(t.name) AS r ORDER BY t.name, r.id, r.seq)
        GROUP BY name, id
        """,
        """
        SELECT t.name || ' index ' || i.name || CASE WHEN i."unique" THEN ' unique' ELSE '' END
            || CASE WHEN i.partial THEN ' partial' ELSE '' END AS line
        \(raw(tables)) JOIN pragma_index_list(t.name) AS i WHERE i.origin = 'c'
        """,
        // There is no pragma for checks: each has a name, and stands behind it.
        """
        WITH RECURSIVE named (table_name, name, rest) AS (
            SELECT t.name, NULL, sql || ' ' \(raw(tables))
            UNION ALL
            SELECT table_name,
                substr(rest, instr(rest, 'CONSTRAINT ') + 11, instr(substr(replace(rest, char(10), ' '),
                    instr(rest, 'CONSTRAINT ') + 11), ' ') - 1),
                substr(rest, instr(rest, 'CONSTRAINT ') + 11)
            FROM named WHERE instr(rest, 'CONSTRAINT ') > 0)
        SELECT table_name || ' check ' || name AS line FROM named WHERE name IS NOT NULL
        """,
    ]

    private static func raw(_ text: String) -> SQL { SQL(stringLiteral: text) }
}
