import Synchronization

/// Notices that the database has lost changes that were committed, as after the promotion of a replica that had
/// not received them, and begins another timeline then.
///
/// Each server compares what it knows to be committed with what the database has, whenever its writer has
/// connected. The first one on a history of the server's log that cannot know takes changes for lost: after
/// the database was restored while no server ran, there is none that could.
final class LostChanges: Sendable {
    private struct Knowledge {
        var known: CommittedRevision?
        var isUntold = false
        var tell: (@Sendable () -> Void)?
    }

    private let state = Mutex(Knowledge())

    func note(_ committed: CommittedRevision) {
        state.withLock { state in
            guard let known = state.known else { return }
            // What was read on another history is compared when the writer comes to that.
            guard known.log == committed.log, known.revision < committed.revision else { return }
            state.known = committed
        }
    }

    /// - Parameter revision: the journal's last one in a transaction that this process has committed.
    func noteCommit(_ revision: Int64?) {
        guard let revision else { return }
        state.withLock { $0.known?.revision = revision }
    }

    /// Calls `body` for each loss, and for one that was found before.
    func onLoss(_ body: @escaping @Sendable () -> Void) {
        let isUntold = state.withLock { state in
            defer { state.isUntold = false }
            state.tell = body
            return state.isUntold
        }
        if isUntold { body() }
    }

    /// To be called before a session writes. A session does not outlive its server, but for one through a pooler.
    func look(_ session: PostgreSQLSession, _ damage: DamagedRows) throws(StoreError) {
        guard !session.isLookedAt || session.isPooled else { return }
        let log = try Self.log(of: session)
        let known = state.withLock(\.known)
        let (isLost, now) = try session.transaction(damage) { db throws(StoreError) in
            try Self.look(known, log, db)
        }
        session.isLookedAt = true
        let tell = state.withLock { state in
            state.known = now
            if isLost, state.tell == nil { state.isUntold = true }
            return state.tell
        }
        if isLost { tell?() }
    }

    /// One server does this at a time: what the first one stores, the others find.
    private static func look(
        _ known: CommittedRevision?,
        _ log: String?,
        _ db: any SQLConnection
    ) throws(StoreError) -> (isLost: Bool, now: CommittedRevision?) {
        try db.execute(PostgreSQLWriter.limitWait)
        let position: Int64 = try db.row(PostgreSQLWriter.lock)?.value("revision") ?? 0
        let stored = try ServerHistory(db)
        let log = log ?? stored?.log ?? "unknown"
        let finding = ServerHistory.judge(known, stored: stored, log: log, position: position)
        if finding == .lost { try Timeline.begin(db) }
        let start = finding == .lost ? try Self.position(db) : position
        if finding != .same { try ServerHistory(log: log, start: start).store(db) }
        return (finding == .lost, CommittedRevision(log: log, revision: start))
    }

    private static func position(_ db: any SQLConnection) throws(StoreError) -> Int64 {
        Int64(try db.number("SELECT revision AS value FROM journal_position WHERE id = 1"))
    }

    /// The server's name for the history of its log: that of the cluster, and the timeline that each promotion
    /// counts on. Nil for a server that does not tell it, as some services do not.
    private static func log(of session: PostgreSQLSession) throws(StoreError) -> String? {
        do throws(StoreError) {
            return try session.run(
                """
                SELECT CAST((SELECT system_identifier FROM pg_control_system()) AS TEXT) || '/'
                    || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS log
                """
            ).rows.first?.value("log")
        } catch {
            guard !session.isLost else { throw error }
            return nil
        }
    }
}
