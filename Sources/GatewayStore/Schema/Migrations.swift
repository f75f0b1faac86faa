/// How a database of any earlier version becomes one of this version.
///
/// The list only grows: what was released is never edited, renamed or reordered. `SchemaTests` compares
/// the schema that all of them together make with a golden file, which shows it as a whole, and with that
/// of PostgreSQL.
enum Migrations {
    struct Migration: Sendable {
        /// Begins with the date, so that ids sort by age.
        let id: String
        let sqlite: String
        private let ownOfPostgreSQL: String?

        /// For a script that both engines take once the types are named in their ways (`ColumnTypes`).
        init(id: String, script: String) {
            (self.id, sqlite, ownOfPostgreSQL) = (id, script, nil)
        }

        init(id: String, sqlite: String, postgreSQL: String) {
            (self.id, self.sqlite, ownOfPostgreSQL) = (id, sqlite, postgreSQL)
        }

        var postgreSQL: String { ownOfPostgreSQL ?? ColumnTypes.postgreSQL(sqlite) }
    }

    /// Of databases that are older than the first one on PostgreSQL, which begins with what these make
    /// (`postgreSQLBaseline`).
    static let beforePostgreSQL = [
        controlPlane, access, egress, journal, idempotency, regionPlace, creationOrder,
        installation, sharing, givenAddresses, peerNames, signingIn, peerLists, waysOut,
        finalSigma, egressBytes, nodes, serviceOrganizations, backbone,
        formerNodes, linkWaysOut, journalPosition,
    ]

    static let all = beforePostgreSQL + sinceThen

    /// For both engines.
    static let sinceThen = [servers, usage, costs, limits, webhooks, recentDays]

    /// SQLite's. Runs inside one transaction: a database is never left between two versions.
    static func run(_ migrations: [Migration], _ db: any SQLConnection) throws(StoreError) {
        try db.executeScript(table)
        let applied = try refuseNewer(migrations, db)
        for migration in migrations where !applied.contains(migration.id) {
            try db.executeScript(migration.sqlite)
            try note(migration, db)
        }
    }

    static let table = "CREATE TABLE IF NOT EXISTS migration (id TEXT NOT NULL PRIMARY KEY)"

    static func note(_ migration: Migration, _ db: any SQLConnection) throws(StoreError) {
        try db.execute("INSERT INTO migration (id) VALUES (\(migration.id))")
    }

    /// - Returns: the migrations that the database has.
    @discardableResult
    static func refuseNewer(
        _ migrations: [Migration],
        _ db: any SQLConnection
    ) throws(StoreError) -> [String] {
        let applied = try db.rows("SELECT id FROM migration ORDER BY id").map(id)
        let known = Set(migrations.map(\.id))
        if let unknown = applied.last(where: { !known.contains($0) }) {
            throw .newerVersion(found: unknown, supported: migrations.last?.id ?? "none")
        }
        return applied
    }

    /// For what may only use a database as it is, on either engine.
    static func refuseOther(
        _ migrations: [Migration],
        _ db: any SQLConnection
    ) throws(StoreError) {
        guard try tables(db).contains("migration") else { throw .olderVersion(found: "none") }
        let applied = try refuseNewer(migrations, db)
        if migrations.contains(where: { !applied.contains($0.id) }) {
            throw .olderVersion(found: applied.last ?? "none")
        }
    }

    /// On PostgreSQL, of the schema in which tables are made.
    static func tables(_ db: any SQLConnection) throws(StoreError) -> [String] {
        let all: SQL = .spelled(
            sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table'",
            postgreSQL: """
                SELECT CAST(tablename AS TEXT) AS name FROM pg_catalog.pg_tables
                WHERE schemaname = current_schema()
                """
        )
        return try db.rows("\(all) ORDER BY 1").map { row throws(StoreError) in
            try row.value("name")
        }
    }

    private static func id(_ row: Row) throws(StoreError) -> String {
        try row.value("id")
    }
}
