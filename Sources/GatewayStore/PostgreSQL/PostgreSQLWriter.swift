import GatewayDomain
import SystemIO

/// The one thread of this process that writes. Verbs that wait for it share a transaction, so that several
/// are stored with one commit.
///
/// All writers of all processes are serial: each transaction first locks the row of the journal's position. A
/// verb so sees all that was committed before, as on SQLite, and revisions are dense and in commit order.
final class PostgreSQLWriter: Sendable {
    /// One verb that is to be carried out. Answers what is to be done after the commit.
    private typealias Write = @Sendable (any SQLConnection) throws -> @Sendable () -> Void
    private typealias Job = PostgreSQLQueue<Write>.Job

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
        longestSilence: Duration,
        damage: DamagedRows,
        losses: LostChanges,
        committed: @escaping @Sendable () -> Void
    ) throws(StoreError) {
        do {
            try WorkerThread(named: "wgw-write", processor: nil) { [queue] in
                let line = PostgreSQLLine(servers, longestSilence: longestSilence)
                var transactions = Transactions(line, migrations, damage, losses, committed)
                while let jobs = queue.take(atMost: Self.mostTogether) {
                    transactions.carryOut(jobs) { [queue] count in
                        queue.takeWaiting(atMost: Self.mostTogether - count)
                    }
                }
            }.detach()
        } catch {
            throw .databaseFailed(state: "", message: "no thread could be started")
        }
    }

    deinit { queue.end() }

    func end() { queue.end() }

    /// How many writes were refused, as too many waited.
    var refusedCount: Int { queue.refusedCount }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value,
        committed: (@Sendable (Value) -> Void)?
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let write: Write = { db in
                let value = try body(db)
                return {
                    committed?(value)
                    continuation.resume(returning: value)
                }
            }
            queue.add(write) { error in continuation.resume(throwing: error) }
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
            _ line: PostgreSQLLine,
            _ migrations: [Migrations.Migration],
            _ damage: DamagedRows,
            _ losses: LostChanges,
            _ committed: @escaping @Sendable () -> Void
        ) {
            self.line = line
            self.migrations = migrations
            self.damage = damage
            self.losses = losses
            self.committed = committed
        }

        /// - Parameter more: jobs that have come meanwhile, beside a number of others.
        mutating func carryOut(_ first: [Job], more: @escaping (_ count: Int) -> [Job]) {
            var jobs = first
            // What was asked to be committed when the connection was lost.
            var doubtful: (number: Int64, outcome: Outcome)?
            var outcome: Outcome?
            let deadline = first.map(\.deadline).max() ?? .now
            let (damage, losses, writer, last) = (damage, losses, writer, number)
            let migrations = migrations
            var next = last
            defer { number = next }
            let attempt = { (session: PostgreSQLSession) throws in
                try losses.look(session, damage)
                defer { session.leaveTransaction() }
                try session.begin("BEGIN")
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
                // Others may have written for longer than these have waited.
                jobs += more(jobs.count)
                let tried = try Self.run(jobs, db)
                guard !tried.done.isEmpty else {
                    try session.finish("ROLLBACK")
                    outcome = tried
                    return
                }
                next += 1
                if next == 1 { try session.command(CommitMarks.discardOld(at: time)) }
                doubtful = (next, tried)
                let marked: PostgreSQLAnswer?
                do {
                    marked = try session.finish(
                        "COMMIT",
                        with: CommitMarks.mark(next, of: writer, at: time)
                    )
                } catch {
                    if !session.isLost { doubtful = nil }
                    throw error
                }
                outcome = tried
                losses.noteCommit(try marked?.rows.first?.value("revision"))
            }
            do {
                do {
                    try line.use(until: deadline, attempt)
                } catch {
                    guard doubtful != nil else { throw error }
                    // Another connection may tell what has become of the commit.
                    try line.use(until: .now + PostgreSQLLine.patience, attempt)
                }
            } catch {
                if outcome == nil {
                    guard let doubtful else {
                        for job in jobs { job.fail(error) }
                        return
                    }
                    doubtful.outcome.fail(StoreError.unconfirmed)
                }
            }
            guard let outcome else { return }
            for (_, then) in outcome.done { then() }
            for (job, error) in outcome.failed { job.fail(error) }
            if !outcome.done.isEmpty { committed() }
        }

        /// What became of the verbs of a transaction.
        private struct Outcome {
            /// What is to be done after the commit.
            var done: [(job: Job, then: @Sendable () -> Void)] = []
            var failed: [(job: Job, error: any Error)] = []

            /// Where the commit of those that are done has failed.
            func fail(_ error: any Error) {
                for (job, _) in done { job.fail(error) }
                for (job, error) in failed { job.fail(error) }
            }
        }

        private static func run(
            _ jobs: [Job],
            _ db: PostgreSQLConnection
        ) throws -> Outcome {
            var outcome = Outcome()
            let session = db.session
            for job in jobs {
                if jobs.count > 1 { try session.command("SAVEPOINT verb") }
                do {
                    let then = try job.work(db)
                    guard !session.isAborted else {
                        throw StoreError.databaseFailed(
                            state: "",
                            message: "a statement has failed"
                        )
                    }
                    outcome.done.append((job, then))
                    if jobs.count > 1 { try session.command("RELEASE SAVEPOINT verb") }
                } catch {
                    // What has failed aside may belong to one before.
                    guard !session.isLost, !session.hasFailedAside else { throw error }
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
