import GatewayDomain
import SystemIO

/// The one thread of this process that writes. Verbs that wait for it share a transaction, so that several
/// are stored with one commit.
///
/// All writers of all processes are serial: each transaction first locks the row of the journal's position. A
/// verb so sees all that was committed before, as on SQLite, and revisions are dense and in commit order.
final class PostgreSQLWriter: Sendable {
    /// One verb that is to be carried out.
    private struct Write: Sendable {
        let deadline: ContinuousClock.Instant
        /// Answers what is to be done after the commit.
        let run: @Sendable (any SQLConnection) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    /// What a transaction that writes begins with: it waits for its turn, but not without end.
    static let limitWait: SQL = "SET LOCAL lock_timeout = '5s'"
    static let lock: SQL = "SELECT revision FROM journal_position FOR UPDATE"

    /// What is to be known of the database behind the lock.
    private static let start: SQL = """
        SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT) AS time,
            (SELECT count(*) FROM migration) AS migrations
        """

    /// Verbs of one transaction: enough to share a commit, and few enough that the first need not wait long.
    private static let mostTogether = 32

    private let queue = PostgreSQLQueue<Write>()

    /// - Parameters:
    ///   - migrations: those that the database has as far as this process knows.
    ///   - committed: called after each commit.
    init(
        _ servers: PostgreSQLServers,
        _ migrations: [Migrations.Migration],
        damage: DamagedRows,
        losses: LostChanges,
        committed: @escaping @Sendable () -> Void
    ) throws(StoreError) {
        do {
            try WorkerThread(named: "wgw-write", processor: nil) { [queue] in
                var transactions = Transactions(servers, migrations, damage, losses, committed)
                while let jobs = queue.take(atMost: Self.mostTogether) {
                    transactions.carryOut(jobs)
                }
            }.detach()
        } catch {
            throw .databaseFailed(state: "", message: "no thread could be started")
        }
    }

    deinit { queue.end() }

    func end() { queue.end() }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value,
        committed: (@Sendable (Value) -> Void)?
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.add(
                Write(deadline: .now + PostgreSQLLine.patience) { db in
                    let value = try body(db)
                    return {
                        committed?(value)
                        continuation.resume(returning: value)
                    }
                } fail: { error in
                    continuation.resume(throwing: error)
                }
            )
        }
    }

    /// What the thread keeps between two transactions.
    private struct Transactions {
        private var line: PostgreSQLLine
        private let migrations: [Migrations.Migration]
        private let damage: DamagedRows
        private let losses: LostChanges
        private let committed: @Sendable () -> Void
        /// Names the marks of this process.
        private let writer = CommitMarks.Writer()
        /// Of the last commit that was asked for.
        private var number: Int64 = 0

        init(
            _ servers: PostgreSQLServers,
            _ migrations: [Migrations.Migration],
            _ damage: DamagedRows,
            _ losses: LostChanges,
            _ committed: @escaping @Sendable () -> Void
        ) {
            line = PostgreSQLLine(servers)
            self.migrations = migrations
            self.damage = damage
            self.losses = losses
            self.committed = committed
        }

        mutating func carryOut(_ jobs: [Write]) {
            // What was asked to be committed when the connection was lost.
            var doubtful: (number: Int64, outcome: Outcome)?
            var outcome: Outcome?
            let deadline = jobs.map(\.deadline).max() ?? .now
            let (damage, losses, writer, last) = (damage, losses, writer, number)
            let migrations = migrations
            var next = last
            do {
                try line.use(until: deadline) { session in
                    try losses.look(session, damage)
                    try session.command("BEGIN")
                    try session.command(PostgreSQLWriter.limitWait)
                    try session.command("SET LOCAL idle_in_transaction_session_timeout = '10s'")
                    try session.command(PostgreSQLWriter.lock)
                    let start = try session.run(PostgreSQLWriter.start).rows.first
                    let time = Timestamp(microseconds: try start?.value("time") ?? 0)
                    let db = PostgreSQLConnection(session: session, damage: damage, time: time)
                    // Rules of a newer version may be about what this one does not know.
                    if try start?.value("migrations") as Int? != migrations.count {
                        try Migrations.refuseNewer(migrations, db)
                    }
                    // A lost transaction has held the lock until it was over, one way or the other.
                    if let known = doubtful, try CommitMarks.has(known.number, of: writer, db) {
                        outcome = known.outcome
                        try session.finish("ROLLBACK")
                        return
                    }
                    doubtful = nil
                    let tried = try Self.run(jobs, db)
                    guard !tried.done.isEmpty else {
                        try session.finish("ROLLBACK")
                        outcome = tried
                        return
                    }
                    next += 1
                    if next == 1 { try session.command(CommitMarks.discardOld(at: time)) }
                    doubtful = (next, tried)
                    let marked = try session.finish(
                        "COMMIT",
                        with: CommitMarks.mark(next, of: writer, at: time)
                    )
                    outcome = tried
                    losses.noteCommit(try marked?.rows.first?.value("revision"))
                }
            } catch {
                if outcome == nil { for job in jobs { job.fail(error) } }
            }
            number = next
            guard let outcome else { return }
            for each in outcome.done { each() }
            for (job, error) in outcome.failed { job.fail(error) }
            if !outcome.done.isEmpty { committed() }
        }

        /// What became of the verbs of a transaction.
        private struct Outcome {
            /// What is to be done after the commit.
            var done: [@Sendable () -> Void] = []
            var failed: [(Write, any Error)] = []
        }

        private static func run(
            _ jobs: [Write],
            _ db: PostgreSQLConnection
        ) throws -> Outcome {
            var outcome = Outcome()
            let session = db.session
            for job in jobs {
                if jobs.count > 1 { try session.command("SAVEPOINT verb") }
                do {
                    let then = try job.run(db)
                    guard !session.isAborted else {
                        throw StoreError.databaseFailed(
                            state: "",
                            message: "a statement has failed"
                        )
                    }
                    outcome.done.append(then)
                    if jobs.count > 1 { try session.command("RELEASE SAVEPOINT verb") }
                } catch {
                    guard !session.isLost else { throw error }
                    outcome.failed.append((job, error))
                    if jobs.count > 1 {
                        try session.command("ROLLBACK TO SAVEPOINT verb")
                        try session.command("RELEASE SAVEPOINT verb")
                    }
                }
            }
            return outcome
        }
    }
}
