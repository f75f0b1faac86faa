/// Migrations of a database that several servers have open, of which one migrates it while the others wait.
extension Migrations {
    /// Runs `body` in a transaction of its own, and answers what that answers.
    typealias InTransaction = (
        _ body: (any SQLConnection) throws(StoreError) -> Bool
    ) throws(StoreError) -> Bool

    /// Of advisory locks, which the whole database shares: the first bytes of "wgw migrations" in ASCII.
    private static let lock: Int64 = 0x7767_7720_6d69_6772

    /// Each migration is a transaction of its own, so that none holds its locks longer than it needs them. The
    /// lock ends with the transaction, which works behind a pooler, too: what is missing is looked at again
    /// with every lock.
    static func runOnPostgreSQL(
        _ migrations: [Migration] = all,
        _ transaction: InTransaction
    ) throws(StoreError) {
        while try transaction({ db throws(StoreError) in try runNext(migrations, db) }) {}
    }

    /// - Returns: whether there was one to run.
    private static func runNext(
        _ migrations: [Migration],
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        // Asked without the lock first: a server that only starts does not wait for one that migrates another
        // schema of the database.
        let tables = try tables(db)
        // Other programs have a table of that name, too.
        if tables.contains("migration"), !tables.contains("journal_position") {
            throw .foreignTable("migration")
        }
        if tables.contains("migration"),
            try refuseNewer(migrations, db).count == migrations.count
        {
            return false
        }
        _ = try db.rows("SELECT 1 AS value FROM pg_advisory_xact_lock(\(lock))")
        return try runNextLocked(migrations, db)
    }

    private static func runNextLocked(
        _ migrations: [Migration],
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        let tables = try tables(db)
        guard tables.contains("migration") else {
            if let other = tables.first { throw .foreignTable(other) }
            try db.executeScript(ColumnTypes.postgreSQL(table))
            try db.executeScript(ColumnTypes.postgreSQL(postgreSQLBaseline))
            for migration in beforePostgreSQL { try note(migration, db) }
            return true
        }
        let applied = try refuseNewer(migrations, db)
        guard let next = migrations.first(where: { !applied.contains($0.id) }) else { return false }
        // A server that writes does so before, or finds that it is of an older version.
        _ = try db.rows(PostgreSQLWriter.lock)
        try db.executeScript(next.postgreSQL)
        try note(next, db)
        return true
    }
}
