import GRDB
import Glibc

/// A database that is complete in one file: what a backup holds.
package final class DatabaseCopy {
    /// How far a restored database's revisions are from those that were given out since its backup: more
    /// than any installation makes. The random part tells two restores of one backup apart.
    private static let revisionGap = Int64(1) << 32

    private let queue: DatabaseQueue

    /// Writes what the database of a data directory holds at one moment into a new file, whether a server
    /// runs there or not, and without making it wait. The copy has no deleted rows, needs no log, and is
    /// without stored responses, which hold private keys of peers and are kept for a day and no longer, and
    /// without sessions.
    ///
    /// - Parameter path: of an empty file.
    package static func make(ofDirectory directory: String, at path: String) throws(StoreError) {
        let original = directory + "/wgw.db"
        guard DatabaseFiles.size(of: original) > 0 else { throw .noDatabase(directory: directory) }
        do throws(StoreError) {
            try SQLiteDatabase.checkLog(of: original)
            try translatingErrors {
                var configuration = Configuration()
                // Closing it leaves the log as it is, for the server that comes after a kill.
                configuration.readonly = true
                configuration.busyMode = .timeout(5)
                let queue = try DatabaseQueue(path: original, configuration: configuration)
                try queue.inDatabase { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
                try queue.close()
                try removeShortLived(of: path)
            }
        } catch .failed(let code, let message) {
            throw SQLiteDatabase.openingError(code: code, message: message, path: original)
        }
    }

    /// Their bytes, too. A session that was ended since would work again where the copy is restored.
    private static func removeShortLived(of path: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { database in
            let db = SQLiteConnection(database: database, damage: DamagedRows())
            try database.execute(sql: "PRAGMA journal_mode = MEMORY")
            try database.execute(sql: "PRAGMA secure_delete = ON")
            let tables = TransferredTable.shortLived.union(TransferredTable.ofRunningServers)
            for table in tables where try db.exists(table: table) {
                try database.execute(sql: "DELETE FROM \(table)")
            }
        }
        try queue.close()
    }

    /// Opens a copy for reading it and for `beginTimeline`.
    package init(path: String) throws(StoreError) {
        do throws(StoreError) {
            queue = try translatingErrors {
                var configuration = Configuration()
                configuration.foreignKeysEnabled = true
                return try DatabaseQueue(path: path, configuration: configuration)
            }
        } catch .failed(let code, let message) {
            throw SQLiteDatabase.openingError(code: code, message: message, path: path)
        }
    }

    package func close() throws(StoreError) {
        try translatingErrors { try queue.close() }
    }

    package func read<Value>(
        _ body: (any SQLConnection) throws -> Value
    ) throws -> Value {
        try queue.read { try body(SQLiteConnection(database: $0, damage: DamagedRows())) }
    }

    /// Whether a server of this version can work with the database. Reads all of it.
    package func check() throws(StoreError) {
        let findings = try translatingErrors {
            try queue.read { database -> [String] in
                let db = SQLiteConnection(database: database, damage: DamagedRows())
                guard try db.exists(table: "migration") else {
                    return ["it has no table migration"]
                }
                try Migrations.refuseNewer(Migrations.all, db)
                return try String.fetchAll(database, sql: "PRAGMA integrity_check(1)")
                    .filter { $0 != "ok" }
                    + GRDB.Row.fetchAll(database, sql: "PRAGMA foreign_key_check")
                    .prefix(1)
                    .map {
                        "a row of \($0["table"] as String? ?? "?") refers to one that is missing"
                    }
            }
        }
        if let finding = findings.first { throw .unsound(finding) }
    }

    /// Brings a copy that an earlier version has made to this program's schema.
    package func upgrade() throws(StoreError) {
        try translatingErrors {
            try queue.inDatabase { try SQLiteDatabase.migrate($0, Migrations.all, DamagedRows()) }
        }
    }

    /// Makes the journal go on far behind the last revision of the copy. A reader that has seen revisions
    /// which were given out after the copy was made learns by `Events.reachesBack` that they are gone.
    package func beginTimeline() throws(StoreError) {
        try translatingErrors {
            try queue.write { database in
                try Self.move(
                    by: Timeline.randomGap(),
                    SQLiteConnection(database: database, damage: DamagedRows())
                )
                // A database of an earlier version gets its first one when it is opened.
                try database.execute(
                    sql: """
                        UPDATE installation SET value = CAST(lower(hex(randomblob(16))) AS BLOB)
                        WHERE key = 'timeline'
                        """
                )
            }
        }
    }

    private static func move(by gap: Int64, _ db: any SQLConnection) throws(StoreError) {
        if try db.exists(table: "journal_position") {
            try Timeline.leaveOut(gap, db)
        } else {
            let last = Events.lastRevision - gap
            // Of an earlier version, from which `Migrations.journalPosition` takes it.
            try db.execute(
                "UPDATE sqlite_sequence SET seq = seq + \(gap) WHERE name = 'event' AND seq < \(last)"
            )
        }
    }
}
