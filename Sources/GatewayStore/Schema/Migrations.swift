/// How a database of any earlier version becomes one of this version.
///
/// The list only grows: what was released is never edited, renamed or reordered. `SchemaTests` compares
/// the schema that all of them together make with a golden file, which shows it as a whole.
enum Migrations {
    struct Migration: Sendable {
        /// Begins with the date, so that ids sort by age.
        let id: String
        let script: String
    }

    static let all = [
        controlPlane, access, egress, journal, idempotency, regionPlace, creationOrder,
        installation, sharing, givenAddresses, peerNames, signingIn, peerLists, waysOut,
        finalSigma, egressBytes, nodes, serviceOrganizations, backbone,
        formerNodes, linkWaysOut,
    ]

    /// Runs inside one transaction: a database is never left between two versions.
    static func run(_ migrations: [Migration], _ db: any SQLConnection) throws(StoreError) {
        try db.executeScript(
            "CREATE TABLE IF NOT EXISTS migration (id TEXT NOT NULL PRIMARY KEY)"
        )
        let applied = try refuseNewer(migrations, db)
        for migration in migrations where !applied.contains(migration.id) {
            try db.executeScript(migration.script)
            try db.execute("INSERT INTO migration (id) VALUES (\(migration.id))")
        }
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

    private static func id(_ row: Row) throws(StoreError) -> String {
        try row.value("id")
    }
}
