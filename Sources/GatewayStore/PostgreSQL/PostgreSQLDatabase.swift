import GatewayDomain
import Glibc
import Synchronization

/// The engine for several servers: PostgreSQL, through libpq. Its threads are its own.
final class PostgreSQLDatabase: DatabaseEngine {
    /// How many reads of `readAside` run at a time.
    private static let readersAside = 2
    /// How long an answer may take that a caller waits for: longer than a wait for other writers.
    static let longestSilence = Duration.seconds(10)
    private static let longestSilenceAside = Duration.seconds(60)

    private let longestSilence: Duration
    private let readers: PostgreSQLReaders
    private let writer: PostgreSQLWriter
    private let notices: PostgreSQLNotices
    private let aside = AsyncSemaphore(permits: readersAside)
    private let pooled = PoolerNotice()
    private let losses = LostChanges()

    /// Connects, and brings the database to this program's schema.
    init(
        url: String,
        _ migrations: [Migrations.Migration],
        damage: DamagedRows,
        longestSilence: Duration = longestSilence
    ) throws(StoreError) {
        self.longestSilence = longestSilence
        let servers = try PostgreSQLServers(url: url)
        let session = try PostgreSQLSession(servers)
        try Migrations.runOnPostgreSQL(migrations) { body throws(StoreError) in
            try session.transaction(damage, body)
        }
        let processors = max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)
        notices = try PostgreSQLNotices(servers) { [pooled] in pooled.note() }
        readers = try PostgreSQLReaders(
            servers,
            count: processors + Self.readersAside,
            damage: damage
        )
        writer = try PostgreSQLWriter(
            servers,
            migrations,
            longestSilence: longestSilence,
            damage: damage,
            losses: losses
        ) { [notices] in notices.send() }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await readers.read(longestSilence: longestSilence, body)
    }

    func readAside<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await aside.withPermit { [readers] in
            try await readers.read(longestSilence: Self.longestSilenceAside, body)
        }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value,
        committed: (@Sendable (Value) -> Void)?
    ) async throws -> Value {
        try await writer.write(body, committed: committed)
    }

    func onHint(_ observer: @escaping @Sendable () -> Void) { notices.observe(observer) }

    func onPooler(_ body: @escaping @Sendable () -> Void) { pooled.onPooler(body) }

    func note(_ revision: CommittedRevision) { losses.note(revision) }

    func onLoss(_ body: @escaping @Sendable () -> Void) { losses.onLoss(body) }

    var snapshot: String? { nil }
    var refusedCount: Int { writer.refusedCount + readers.refusedCount }

    var trouble: StorageTrouble? { nil }

    func trouble(of error: any Error) -> StorageTrouble? { StorageTrouble(postgreSQL: error) }

    func mayLackRoom() -> Bool { false }

    func makeRoom(against trouble: StorageTrouble) async {}

    func tidy() async {}

    func end() {
        notices.end()
        writer.end()
        readers.end()
    }
}

/// Whether a pooler was found between this server and the database, told once.
final class PoolerNotice: Sendable {
    private struct Notice {
        var isPooled = false
        var tell: (@Sendable () -> Void)?
    }

    private let state = Mutex(Notice())

    func note() {
        let tell = state.withLock { state in
            defer { state.tell = nil }
            state.isPooled = true
            return state.tell
        }
        tell?()
    }

    /// Calls `body` once, when a pooler is found, or at once where it was found before.
    func onPooler(_ body: @escaping @Sendable () -> Void) {
        let isPooled = state.withLock { state in
            if !state.isPooled { state.tell = body }
            return state.isPooled
        }
        if isPooled { body() }
    }
}
