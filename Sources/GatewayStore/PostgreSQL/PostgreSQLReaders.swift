import SystemIO

/// The threads that read, each with a session of its own.
final class PostgreSQLReaders: Sendable {
    private struct Read: Sendable {
        let longestSilence: Duration
        let run: @Sendable (PostgreSQLSession) throws -> Void
    }

    private let queue = PostgreSQLQueue<Read>()
    private let damage: DamagedRows

    init(_ servers: PostgreSQLServers, count: Int, damage: DamagedRows) throws(StoreError) {
        self.damage = damage
        for number in 1...count {
            do {
                try WorkerThread(named: "wgw-read-\(number)", processor: nil) { [queue] in
                    var line = PostgreSQLLine(servers)
                    while let job = queue.take(atMost: 1)?.first {
                        do {
                            try line.use(until: job.deadline) { session in
                                session.longestSilence = job.work.longestSilence
                                try job.work.run(session)
                            }
                        } catch {
                            job.fail(error)
                        }
                    }
                }.detach()
            } catch {
                throw .databaseFailed(state: "", message: "no thread could be started")
            }
        }
    }

    deinit { queue.end() }

    func end() { queue.end() }

    /// How many reads were refused, as too many waited.
    var refusedCount: Int { queue.refusedCount }

    func read<Value: Sendable>(
        longestSilence: Duration,
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.add(
                Read(longestSilence: longestSilence) { [damage] session in
                    continuation.resume(returning: try Self.snapshot(of: session, damage, body))
                }
            ) { error in continuation.resume(throwing: error) }
        }
    }

    private static func snapshot<Value>(
        of session: PostgreSQLSession,
        _ damage: DamagedRows,
        _ body: (any SQLConnection) throws -> Value
    ) throws -> Value {
        try session.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        do {
            let value = try body(PostgreSQLConnection(session: session, damage: damage))
            try session.commandNow("COMMIT")
            return value
        } catch {
            if !session.isLost { try session.commandNow("ROLLBACK") }
            throw error
        }
    }
}
