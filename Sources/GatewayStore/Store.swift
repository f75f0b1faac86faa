package import GatewayDomain
import Synchronization

/// The database of an installation. Everything read or written goes through a transaction here.
package final class Store: Sendable {
    /// The folder in which a restore collects its files before they take their places.
    package static let restoreFolder = "restore.partial"

    private let database: any DatabaseEngine
    /// The last trouble of a statement, until a probe has stored something.
    private let noted = Mutex<StorageTrouble?>(nil)
    package let damage: DamagedRows

    private init(_ open: (DamagedRows) throws(StoreError) -> any DatabaseEngine) throws(StoreError)
    {
        damage = DamagedRows()
        database = try open(damage)
    }

    /// Opens the database of a data directory and brings it to this program's schema. Makes directory
    /// and database where neither exists, and refuses where a part of an installation is missing.
    package convenience init(directory: String) throws(StoreError) {
        try self.init(directory: directory, Migrations.all)
    }

    convenience init(
        directory: String,
        _ migrations: [Migrations.Migration]
    ) throws(StoreError) {
        try self.init { damage throws(StoreError) in
            try SQLiteDatabase(directory: directory, migrations, damage: damage)
        }
    }

    /// A database that exists as long as a reference to it.
    package static func inMemory() throws(StoreError) -> Store {
        try Store { damage throws(StoreError) in
            try SQLiteDatabase(inMemory: Migrations.all, damage: damage)
        }
    }

    /// Opens a database of PostgreSQL, which several servers may use at once, and brings it to this program's
    /// schema.
    ///
    /// - Parameter url: a URL of libpq; it may name several servers.
    package convenience init(postgreSQL url: String) throws(StoreError) {
        try self.init(postgreSQL: url, longestSilence: PostgreSQLDatabase.longestSilence)
    }

    /// - Parameter longestSilence: how long the database server may take for an answer.
    convenience init(postgreSQL url: String, longestSilence: Duration) throws(StoreError) {
        try self.init { damage throws(StoreError) in
            try PostgreSQLDatabase(
                url: url,
                Migrations.all,
                damage: damage,
                longestSilence: longestSilence
            )
        }
    }

    /// The path of the copy that was made before the database was brought to this program's schema; nil for none.
    package var snapshot: String? { database.snapshot }

    /// Yields when another server may have committed something. On SQLite, which one server has open, it never yields.
    package var hints: AsyncStream<Void> {
        let (hints, continuation) = AsyncStream<Void>.makeStream(
            bufferingPolicy: .bufferingNewest(1)
        )
        database.onHint { continuation.yield() }
        return hints
    }

    /// Calls `body` once where a pooler is found on the way to the database, through which no hints come.
    package func onPooler(_ body: @escaping @Sendable () -> Void) { database.onPooler(body) }

    /// Takes in up to where this process has read the journal: should a database ever have less, it has lost changes.
    package func note(_ revision: CommittedRevision) { database.note(revision) }

    /// Calls `body` each time that this process finds that the database may have lost changes, and has begun
    /// another timeline for that reason.
    package func onLoss(_ body: @escaping @Sendable () -> Void) { database.onLoss(body) }

    /// Whether a text begins as a URL of PostgreSQL.
    package static func isPostgreSQL(url: String) -> Bool { PostgreSQLServers.isURL(url) }

    /// - Throws: `StoreError.badDatabaseURL` for a text that is not a URL of PostgreSQL. Asks no server.
    package static func check(databaseURL url: String) throws(StoreError) {
        _ = try PostgreSQLServers(url: url)
    }

    /// Whether a URL of PostgreSQL has a password in it.
    package static func showsPassword(inURL url: String) -> Bool {
        PostgreSQLServers.holdsPassword(url)
    }

    /// To be called when nothing is written any more, before the last reference goes.
    package func end() { database.end() }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        do {
            return try await database.read(body)
        } catch {
            throw judged(error)
        }
    }

    /// For reads that may take long, such as counting the rows of the journal: `read` always finds a free
    /// reader beside them.
    package func readAside<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        do {
            return try await database.readAside(body)
        } catch {
            throw judged(error)
        }
    }

    /// One transaction, rolled back if `body` throws. When this returns, the change is safe.
    ///
    /// - Parameter committed: called with the value of `body` after the commit and before the next
    ///   transaction of this process begins, even if the task was cancelled meanwhile.
    /// - Throws: `ServiceError.storageUnavailable`, or what `body` throws.
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value,
        committed: (@Sendable (Value) -> Void)? = nil
    ) async throws -> Value {
        do {
            return try await database.write(body, committed: committed)
        } catch {
            throw judged(error)
        }
    }

    /// How many transactions were refused since the start, as too many waited for the database.
    package var refusedCount: Int { database.refusedCount }

    /// Why changes cannot be stored, as far as is known without trying; nil when they can.
    package var trouble: StorageTrouble? {
        database.trouble ?? noted.withLock { $0 }
    }

    /// Looks after the database, to be called every second: finds out whether changes can be stored, by
    /// storing something where that is in doubt.
    package func lookAfter() async -> StorageTrouble? {
        guard database.trouble == nil else { return trouble }
        let known = noted.withLock { $0 }
        if known != nil || database.mayLackRoom() {
            if let known { await database.makeRoom(against: known) }
            do {
                try await probe()
                noted.withLock { $0 = nil }
            } catch {
                return trouble
            }
        }
        await database.tidy()
        return trouble
    }

    /// Stores 64 KiB, more than most changes need, and deletes it: the changes that follow have room.
    private func probe() async throws {
        let key = "probe"
        let bytes = [UInt8](repeating: 0, count: 65_536)
        try await write { db in try Installation.set(bytes, for: key, db) }
        try await write { db in try Installation.remove(key, db) }
    }

    /// The error as callers know it. Trouble is remembered until a probe succeeds.
    private func judged(_ error: any Error) -> any Error {
        if case StoreError.failed(StoreError.cancelled, _) = error { return CancellationError() }
        if case StoreError.damaged(let row) = error {
            return ServiceError.damaged(table: row.table, id: row.id, column: row.column)
        }
        // Not remembered: no probe can tell that it is over, as it never is.
        if case StoreError.revisionsUsedUp = error {
            return ServiceError.storageUnavailable(.revisionsUsedUp)
        }
        if case StoreError.overloaded = error {
            return ServiceError.storageUnavailable(.overloaded)
        }
        guard let trouble = database.trouble(of: error) else { return error }
        noted.withLock { $0 = trouble == .unconfirmed ? .unreachable : trouble }
        return ServiceError.storageUnavailable(trouble)
    }
}
