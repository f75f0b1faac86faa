import GRDB
import Glibc

/// The database of an installation. Everything read or written goes through a transaction here.
package final class Store: Sendable {
    private static let readersAside = 2

    private let writer: any DatabaseWriter
    private let lock: DirectoryLock?
    private let aside = Turnstile(places: readersAside)
    package let commits = CommitBell()
    package let damage = DamagedRows()

    /// Opens the database of a data directory and brings it to this program's schema. Makes both
    /// where there are none.
    package convenience init(directory: String) throws(StoreError) {
        try Self.makeDirectory(directory)
        // Before the file is touched: its owner may be in the middle of anything.
        let lock = try DirectoryLock(directory: directory)
        let path = directory + "/wgw.db"
        try Self.makeFile(path)
        do {
            let pool = try translatingErrors {
                try DatabasePool(path: path, configuration: Self.configuration)
            }
            try self.init(pool, lock)
        } catch .failed(let code, let message) {
            throw Self.openingError(code: code, message: message, path: path)
        }
    }

    /// A database that is gone with its last reference.
    package static func inMemory() throws(StoreError) -> Store {
        let queue = try translatingErrors { try DatabaseQueue(configuration: configuration) }
        return try Store(queue, nil)
    }

    private init(_ writer: any DatabaseWriter, _ lock: DirectoryLock?) throws(StoreError) {
        self.writer = writer
        self.lock = lock
        let damage = damage
        try translatingErrors {
            // GRDB's pool chooses NORMAL, with which a power cut may take back what was answered.
            try writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try writer.write { try Migrations.run(SQLiteConnection(database: $0, damage: damage)) }
        }
    }

    /// Runs where it is called: a read takes some ten microseconds and waits for no writer, and two
    /// changes of the thread would take several times as long.
    package func read<Value: Sendable>(
        _ body: @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try readHere(body)
    }

    /// For what may take long, like counting through a journal: on a thread that nobody else waits for,
    /// and a few at a time, so that there is always a reader left for the others.
    package func readAside<Value: Sendable>(
        _ body: @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await aside.pass { [writer, damage] in
            try await writer.read { try body(SQLiteConnection(database: $0, damage: damage)) }
        }
    }

    /// One snapshot for the whole body. GRDB's own `read` also guards against writes, which the
    /// pool's readers cannot do anyway.
    private func readHere<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        try writer.unsafeRead { database in
            try database.cachedStatement(sql: "BEGIN DEFERRED").execute()
            let value = Result { try body(SQLiteConnection(database: database, damage: damage)) }
            try database.cachedStatement(sql: "COMMIT").execute()
            return try value.get()
        }
    }

    /// All of it happens or, if anything throws, nothing. When this returns it survives a crash.
    package func write<Value: Sendable>(
        _ body: @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        let value = try await writer.write {
            try body(SQLiteConnection(database: $0, damage: damage))
        }
        commits.ring()
        return value
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.label = "store"
        // Each thread that asks has at most one; nobody should wait for a reader.
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

    /// SQLite gives its other files the mode of this one.
    private static func makeFile(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unwritable(path: path) }
        close(descriptor)
    }

    private static func openingError(code: Int, message: String, path: String) -> StoreError {
        switch ResultCode(rawValue: Int32(truncatingIfNeeded: code)).primaryResultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: .corrupt(path: path)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN: .unwritable(path: path)
        default: .failed(code: code, message: message)
        }
    }
}
