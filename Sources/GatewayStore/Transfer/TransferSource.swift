import GRDB
import GatewayDomain

/// Where a transfer reads, and who may change that meanwhile.
package enum TransferSource: Sendable {
    /// Of a server that is stopped; none can start there before it is read.
    case directory(String)
    /// Whose servers all are stopped; what starts meanwhile can store nothing.
    case postgreSQL(url: String)
    /// What it holds at one moment, whether servers run or not.
    case snapshot(url: String)
    /// A database that is complete in one file, and has this program's schema.
    case file(String)

    func read<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        switch self {
        case .directory(let directory):
            let path = directory + "/wgw.db"
            guard DatabaseFiles.size(of: path) > 0 else {
                throw StoreError.noDatabase(directory: directory)
            }
            let lock = try DirectoryLock(directory: directory)
            defer { withExtendedLifetime(lock) {} }
            try SQLiteDatabase.checkLog(of: path)
            return try Self.read(path, body)
        case .file(let path):
            return try Self.read(path, body)
        case .postgreSQL(let url):
            return try Self.read(url, isStill: true, body)
        case .snapshot(let url):
            return try Self.read(url, isStill: false, body)
        }
    }

    private static func read<Value>(
        _ path: String,
        _ body: (any SQLConnection) throws -> Value
    ) throws -> Value {
        do {
            var configuration = Configuration()
            // Closing it leaves the log as it is.
            configuration.readonly = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            return try queue.read { database in
                let db = SQLiteConnection(database: database, damage: DamagedRows())
                try Migrations.refuseOther(Migrations.all, db)
                return try body(db)
            }
        } catch let error as DatabaseError {
            let (code, message) = (Int(error.extendedResultCode.rawValue), error.message ?? "")
            throw SQLiteDatabase.openingError(code: code, message: message, path: path)
        }
    }

    private static func read<Value>(
        _ url: String,
        isStill: Bool,
        _ body: (any SQLConnection) throws -> Value
    ) throws -> Value {
        let session = try PostgreSQLSession(PostgreSQLServers(url: url))
        // A transaction that holds a lock is not one that only reads.
        let mode: SQL = isStill ? "READ WRITE" : "READ ONLY"
        return try session.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ \(mode)") { db in
            if isStill { try lockOut(db, session) }
            guard try Migrations.tables(db).contains("migration") else {
                throw TransferFailure.nothingThere
            }
            try Migrations.refuseOther(Migrations.all, db)
            if isStill { try refuseServers(db) }
            return try body(db)
        }
    }

    /// Before the first statement that reads, so that the snapshot begins behind the wait for writers.
    private static func lockOut(_ db: any SQLConnection, _ session: PostgreSQLSession) throws {
        try session.command(PostgreSQLWriter.limitWait)
        do throws(StoreError) {
            try db.execute("LOCK TABLE journal_position IN EXCLUSIVE MODE")
        } catch .databaseFailed(state: "42P01", _) {
            throw TransferFailure.nothingThere
        }
    }

    private static func refuseServers(_ db: any SQLConnection) throws {
        let living = try db.number(
            """
            SELECT count(*) AS value FROM lease
            WHERE ends_at > CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)
            """
        )
        guard living == 0 else { throw TransferFailure.inUse }
    }
}
