import GRDB
import GatewayDomain
import Glibc

/// The embedded engine: SQLite in a data directory, which one process at a time has open.
final class SQLiteDatabase: DatabaseEngine {
    /// How many reads of `readAside` run at a time.
    private static let readersAside = 2
    /// What an installation's first start makes once the database exists, and what a restore makes before:
    /// beside one of them a missing database was lost, or has not come yet.
    private static let traces = [Store.restoreFolder, "master-key", "api-key"]

    private let writer: any DatabaseWriter
    private let lock: DirectoryLock?
    /// Nil in memory.
    private let files: DatabaseFiles?
    /// Nil in memory.
    private let checkpoints: Checkpoints?
    private let aside = AsyncSemaphore(permits: readersAside)
    private let damage: DamagedRows
    let snapshot: String?

    /// Opens the database of a data directory and brings it to this program's schema. Makes directory
    /// and database where neither exists, and refuses where a part of an installation is missing.
    convenience init(
        directory: String,
        _ migrations: [Migrations.Migration],
        damage: DamagedRows
    ) throws(StoreError) {
        try Self.makeDirectory(directory)
        // Before the file is touched: another process may be writing to it.
        let lock = try DirectoryLock(directory: directory)
        let path = directory + "/wgw.db"
        do throws(StoreError) {
            try Self.rollBackJournal(of: path)
        } catch .failed(let code, let message) {
            throw Self.openingError(code: code, message: message, path: path)
        }
        let isThere = { (name: String) in access(directory + "/" + name, F_OK) == 0 }
        let trace = Self.traces.first(where: isThere)
        // SQLite makes the log after the main file's first page and before the tables. This has to be
        // checked before SQLite opens the file, as it deletes a log that does not fit it.
        if let trace = trace ?? (isThere("wgw.db-wal") ? "wgw.db-wal" : nil),
            DatabaseFiles.size(of: path) == 0
        {
            throw .databaseMissing(path: path, trace: trace)
        }
        guard DatabaseFiles(path: path).beginsAsDatabase else { throw .corrupt(path: path) }
        try Self.makeFile(path, in: directory)
        do throws(StoreError) {
            try Self.checkLog(of: path)
            let pool = try translatingErrors {
                try DatabasePool(path: path, configuration: Self.configuration)
            }
            if let trace, try Self.isEmpty(pool) {
                throw StoreError.databaseMissing(path: path, trace: trace)
            }
            ReaderOpening.openAll(of: pool)
            try self.init(pool, lock, DatabaseFiles(path: path), migrations, damage, directory)
        } catch .failed(let code, let message) {
            throw Self.openingError(code: code, message: message, path: path)
        }
    }

    /// A database that exists as long as a reference to it.
    convenience init(inMemory migrations: [Migrations.Migration], damage: DamagedRows)
        throws(StoreError)
    {
        let queue = try translatingErrors { try DatabaseQueue(configuration: Self.configuration) }
        try self.init(queue, nil, nil, migrations, damage, nil)
    }

    private init(
        _ writer: any DatabaseWriter,
        _ lock: DirectoryLock?,
        _ files: DatabaseFiles?,
        _ migrations: [Migrations.Migration],
        _ damage: DamagedRows,
        _ directory: String?
    ) throws(StoreError) {
        self.writer = writer
        self.lock = lock
        self.files = files
        self.damage = damage
        let checkpoints = files.map { Checkpoints(writer, $0) }
        self.checkpoints = checkpoints
        snapshot = try translatingErrors {
            try writer.writeWithoutTransaction { database in
                // GRDB's pool chooses NORMAL, with which a power cut may take back what was answered.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try Checkpoints.prepare(database)
            }
            // Before the migrations, which may fail: the pool is closed then, and SQLite removes the log.
            checkpoints?.complete()
            return try writer.writeWithoutTransaction { database in
                let snapshot = try directory.flatMap {
                    try UpgradeSnapshot.make(of: database, migrations, in: $0)
                }
                try Self.migrate(database, migrations, damage)
                return snapshot
            }
        }
        checkpoints?.runAtStart()
    }

    /// In one transaction.
    static func migrate(
        _ database: Database,
        _ migrations: [Migrations.Migration],
        _ damage: DamagedRows
    ) throws {
        // A migration that makes a table anew drops the old one, to which others refer: the rows would go
        // with it. SQLite takes this outside of a transaction alone (sqlite.org/lang_altertable.html, 7).
        try database.execute(sql: "PRAGMA foreign_keys = OFF")
        try database.inTransaction(.immediate) {
            try Migrations.run(migrations, SQLiteConnection(database: database, damage: damage))
            return .commit
        }
        try database.execute(sql: "PRAGMA foreign_keys = ON")
    }

    func end() { checkpoints?.end() }

    /// Runs where it is called: a read takes some ten microseconds and waits for no writer, and two
    /// changes of the thread would take several times as long.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try readHere(body)
    }

    func readAside<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await aside.withPermit { [writer, damage] in
            try await writer.read { try body(SQLiteConnection(database: $0, damage: damage)) }
        }
    }

    /// One snapshot for the whole body. GRDB's own `read` also guards against writes, which the
    /// pool's readers cannot do anyway.
    private func readHere<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        try writer.unsafeRead { database in
            try database.cachedStatement(sql: "BEGIN DEFERRED").execute()
            do {
                let value = try body(SQLiteConnection(database: database, damage: damage))
                try database.cachedStatement(sql: "COMMIT").execute()
                return value
            } catch {
                // After some errors SQLite has done so already.
                if database.isInsideTransaction { try database.execute(sql: "ROLLBACK") }
                throw error
            }
        }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value,
        committed: (@Sendable (Value) -> Void)?
    ) async throws -> Value {
        let value = try await writer.writeWithoutTransaction { [files, damage] database in
            var stored: Value?
            try database.inTransaction(.immediate) {
                stored = try body(SQLiteConnection(database: database, damage: damage))
                // The last moment before the commit, after which the change is acknowledged.
                guard files?.areInPlace ?? true else { throw StorageTrouble.displaced }
                return .commit
            }
            guard let stored else { preconditionFailure("the body of a transaction has run") }
            // Not an observer of GRDB's: it would be told by the next commit of one that failed.
            committed?(stored)
            return stored
        }
        checkpoints?.noteCommit()
        return value
    }

    var trouble: StorageTrouble? { (files?.areInPlace ?? true) ? nil : .displaced }

    func trouble(of error: any Error) -> StorageTrouble? { StorageTrouble(cause: error) }

    func mayLackRoom() -> Bool { files?.areShortOfSpace ?? false }

    /// A checkpoint shortens the log, which may be what fills the disk. While another program holds the
    /// database, it would only wait for that program's lock.
    func makeRoom(against trouble: StorageTrouble) async {
        if trouble != .busy { await checkpoints?.run() }
    }

    func tidy() async { await checkpoints?.runIfOld() }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.label = "store"
        // One for each thread that calls `read`, which blocks it, and those of `readAside`: no call waits
        // for a reader.
        configuration.maximumReaderCount =
            max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1) + readersAside
        return configuration
    }

    private static func makeDirectory(_ path: String) throws(StoreError) {
        guard mkdir(path, 0o700) != 0 else { return }
        guard errno == EEXIST, access(path, W_OK | X_OK) == 0 else {
            throw .unwritable(path: path)
        }
    }

    /// SQLite gives its other files the mode of this one. It is on disk before any other file of an
    /// installation is, so that one without it has lost it.
    private static func makeFile(_ path: String, in directory: String) throws(StoreError) {
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unwritable(path: path) }
        close(descriptor)
        let folder = open(directory, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { throw .unwritable(path: directory) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw .unwritable(path: directory) }
    }

    /// A first start that was killed while SQLite changed to a write-ahead log leaves a rollback journal,
    /// with which the file cannot be read until it is opened for writing once. SQLite then puts it back to
    /// what it was. Where there is a write-ahead log already, the file is not opened: SQLite would delete
    /// one that does not fit.
    private static func rollBackJournal(of path: String) throws(StoreError) {
        guard DatabaseFiles.size(of: path) > 0, DatabaseFiles.size(of: path + "-journal") > 0,
            access(path + "-wal", F_OK) != 0
        else { return }
        try translatingErrors {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read { try $0.execute(sql: "SELECT count(*) FROM sqlite_schema") }
            try queue.close()
        }
    }

    /// Refuses a main file that needs a log (`Checkpoints`) where the log is missing or not a log, before
    /// SQLite makes a new one.
    static func checkLog(of path: String) throws(StoreError) {
        guard DatabaseFiles.size(of: path) > 0, !DatabaseFiles(path: path).logHasHeader else {
            return
        }
        var configuration = configuration
        // Closing it leaves the log as it is.
        configuration.readonly = true
        let needsLog = try translatingErrors {
            try DatabaseQueue(path: path, configuration: configuration).read {
                try Checkpoints.needLog(SQLiteConnection(database: $0, damage: DamagedRows()))
            }
        }
        guard !needsLog else { throw .logMissing(path: path) }
    }

    private static func isEmpty(_ pool: DatabasePool) throws(StoreError) -> Bool {
        try translatingErrors {
            try pool.read {
                try !SQLiteConnection(database: $0, damage: DamagedRows()).exists(
                    table: "migration"
                )
            }
        }
    }

    static func openingError(code: Int, message: String, path: String) -> StoreError {
        switch ResultCode(rawValue: Int32(truncatingIfNeeded: code)).primaryResultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: .corrupt(path: path)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN: .unwritable(path: path)
        case .SQLITE_FULL, .SQLITE_IOERR: .noRoom(path: path)
        default: .failed(code: code, message: message)
        }
    }
}
