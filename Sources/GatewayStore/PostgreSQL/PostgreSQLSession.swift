import CPostgreSQL

/// One connection to the server, in pipeline mode (postgresql.org/docs/15/libpq-pipeline-mode.html): a
/// command whose answer is of no interest goes along with the next statement, so that beginning and ending a
/// transaction take no time of their own. Belongs to one thread.
final class PostgreSQLSession {
    private struct Kept {
        let name: String
        var columns: ColumnNames?
    }

    /// What was sent, in the order in which it is answered.
    private enum Sent {
        case command
        case aside
        case preparation(key: String)
        case statement(key: String?)
        case end
    }

    /// Statements of one session that are kept; what is behind them is prepared each time.
    private static let mostKept = 500

    private let handle: OpaquePointer
    /// How long the server may take for an answer, before the connection is given up; nil for as long as it likes.
    var longestSilence: Duration?
    /// Whether a pooler is in between: what one transaction has prepared, the next does not find.
    let isPooled: Bool
    private var kept: [String: Kept] = [:]
    /// Names are not used again: one may stand for a statement that could not be prepared.
    private var preparedCount = 0
    private var plans = PlanAge()
    private var sent: [Sent] = []
    private(set) var isLost = false
    /// Whether a statement of the transaction has failed that was sent aside.
    private(set) var hasFailedAside = false
    /// Whether it was looked for changes that the database has lost (`LostChanges`).
    var isLookedAt = false
    /// Of rows that were changed, since the session began.
    private(set) var totalChanges = 0

    init(_ servers: PostgreSQLServers, longestSilence: Duration? = nil) throws(StoreError) {
        self.longestSilence = longestSilence
        handle = try servers.connect()
        do throws(StoreError) {
            isPooled = try Self.isPooled(handle)
        } catch {
            PQfinish(handle)
            throw error
        }
        guard PQenterPipelineMode(handle) == 1, PQsetnonblocking(handle, 1) == 0 else {
            PQfinish(handle)
            throw .unreachable("the connection takes no pipeline of statements")
        }
    }

    deinit { PQfinish(handle) }

    /// Whether a pooler is in between: it gives its clients numbers of processes that the server does not have.
    static func isPooled(_ handle: OpaquePointer) throws(StoreError) -> Bool {
        let answer = PostgreSQLWait.answer(
            to: "SELECT pg_backend_pid()",
            on: handle,
            until: .now + PostgreSQLLine.patience
        )
        defer { PQclear(answer) }
        guard PQntuples(answer) == 1 else {
            throw .unreachable("the server answers no statement")
        }
        return String(cString: PQgetvalue(answer, 0, 0)) != "\(PQbackendPID(handle))"
    }

    /// Begins a transaction, whose statements the server ends when this session has stopped to wait for their answers.
    func begin(_ sql: SQL) throws(StoreError) {
        hasFailedAside = false
        try command(sql)
        if let longestSilence { try command(Self.limit(longestSilence)) }
        if plans.areOld(at: .now) { try command("DISCARD PLANS") }
    }

    /// Commands take no values; as there are few limits, their texts are few.
    private static func limit(_ silence: Duration) -> SQL {
        let milliseconds = max(silence / .milliseconds(1), 1)
        return SQL(stringLiteral: "SET LOCAL statement_timeout = \(Int(milliseconds))")
    }

    /// Sends a statement along with the next one. Where it fails, that one does.
    func command(_ sql: SQL) throws(StoreError) { try send(sql) { _ in .command } }

    /// The same for a statement that changes rows.
    func sendAside(_ sql: SQL) throws(StoreError) { try send(sql) { _ in .aside } }

    /// The same as `command`, at once, and without waiting for the server.
    func commandNow(_ sql: SQL) throws(StoreError) {
        try command(sql)
        try end()
    }

    func run(_ sql: SQL) throws(StoreError) -> PostgreSQLAnswer {
        try send(sql) { .statement(key: $0) }
        try end()
        guard let answer = try receive() else { throw lost() }
        return answer
    }

    /// Whether a statement has failed in the transaction, which then ends without a change.
    var isAborted: Bool { PQtransactionStatus(handle) == PQTRANS_INERROR }

    /// Sends a last command, and comes back when all that was sent is done.
    func finish(_ sql: SQL) throws(StoreError) {
        try commandNow(sql)
        _ = try receive()
    }

    /// The same, with the answer of a statement that is sent along before it.
    func finish(_ sql: SQL, with statement: SQL) throws(StoreError) -> PostgreSQLAnswer? {
        try send(statement) { .statement(key: $0) }
        try commandNow(sql)
        return try receive()
    }

    /// Ends a transaction that was left by an error, so that the session can be used for another one.
    func leaveTransaction() {
        guard !isLost, PQtransactionStatus(handle) != PQTRANS_IDLE else { return }
        do { try finish("ROLLBACK") } catch { isLost = true }
    }

    /// A transaction that changes something, without the lock of the journal's position.
    func transaction<Value>(
        _ damage: DamagedRows,
        _ body: (any SQLConnection) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        try begin("BEGIN")
        do throws(StoreError) {
            let value = try body(PostgreSQLConnection(session: self, damage: damage))
            try finish("COMMIT")
            return value
        } catch {
            if !isLost { try finish("ROLLBACK") }
            throw error
        }
    }

    /// A transaction that may take long, and whose body has errors of its own.
    ///
    /// - Parameter begin: the statement that begins it.
    func transaction<Value>(
        _ begin: SQL,
        _ body: (any SQLConnection) throws -> Value
    ) throws -> Value {
        try command(begin)
        do {
            let value = try body(PostgreSQLConnection(session: self, damage: DamagedRows()))
            try finish("COMMIT")
            return value
        } catch {
            if !isLost { try finish("ROLLBACK") }
            throw error
        }
    }

    /// Several statements at once, without values.
    func runScript(_ text: String) throws(StoreError) {
        if !sent.isEmpty { try end() }
        _ = try receive()
        guard PQexitPipelineMode(handle) == 1, PQsendQuery(handle, text) == 1 else {
            throw lost()
        }
        let deadline = longestSilence.map { ContinuousClock.now + $0 }
        var error: StoreError?
        while let result = try result(until: deadline) {
            defer { PQclear(result) }
            error = error ?? failure(of: result)
        }
        guard PQenterPipelineMode(handle) == 1 else { throw lost() }
        if let error { throw error }
    }

    /// - Parameter command: what is sent, by the key under which the statement is kept; nil for one that is not.
    private func send(_ sql: SQL, as command: (_ key: String?) -> Sent) throws(StoreError) {
        let text = sql.text(for: .postgreSQL)
        let key = sql.isKept && !isPooled ? text + Self.signature(of: sql.values) : nil
        let parameters = PostgreSQLParameters(sql.values)
        let isSent: Bool
        if let key, let name = try name(of: key, text, parameters) {
            isSent = parameters.withPointers { values, lengths, formats, count in
                PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1) == 1
            }
        } else {
            isSent = parameters.withPointers { values, lengths, formats, count in
                PQsendQueryParams(
                    handle,
                    text,
                    count,
                    parameters.types,
                    values,
                    lengths,
                    formats,
                    1
                ) == 1
            }
        }
        guard isSent else { throw lost() }
        sent.append(command(key))
    }

    /// Prepares a statement that comes for the first time. Nil where no more are kept.
    private func name(
        of key: String,
        _ text: String,
        _ parameters: PostgreSQLParameters
    ) throws(StoreError) -> String? {
        if let known = kept[key] { return known.name }
        guard kept.count < Self.mostKept else { return nil }
        preparedCount += 1
        let name = "s\(preparedCount)"
        guard PQsendPrepare(handle, name, text, parameters.count, parameters.types) == 1 else {
            throw lost()
        }
        sent.append(.preparation(key: key))
        kept[key] = Kept(name: name)
        return name
    }

    private func end() throws(StoreError) {
        guard PQpipelineSync(handle) == 1 else { throw lost() }
        sent.append(.end)
    }

    /// Reads the answers to all that was sent, and gives that of the last statement. What follows an error up
    /// to the next end was not carried out.
    private func receive() throws(StoreError) -> PostgreSQLAnswer? {
        var answer: PostgreSQLAnswer?
        var error: StoreError?
        let expected = sent
        sent = []
        let deadline = longestSilence.map { ContinuousClock.now + $0 }
        for each in expected {
            guard let result = try result(until: deadline) else { throw lost() }
            defer { PQclear(result) }
            if case .end = each {
                guard PQresultStatus(result) == PGRES_PIPELINE_SYNC else { throw lost() }
                continue
            }
            if let failure = failure(of: result) {
                if case .aside = each { hasFailedAside = true }
                error = error ?? failure
                forget(each)
            } else if case .statement(let key) = each {
                let columns = key.flatMap { kept[$0]?.columns }
                let read = PostgreSQLAnswer(result, columns: columns)
                if columns == nil, let key { kept[key]?.columns = read.columns }
                totalChanges += read.changed
                answer = read
            } else if case .aside = each {
                totalChanges += PostgreSQLAnswer.changed(result)
            }
            if PQstatus(handle) != CONNECTION_OK { throw lost() }
            // Each answer ends with none.
            while let more = try self.result(until: deadline) { PQclear(more) }
        }
        if let error { throw error }
        return answer
    }

    private func result(
        until deadline: ContinuousClock.Instant?
    ) throws(StoreError) -> OpaquePointer? {
        guard PostgreSQLWait.forAnswer(on: handle, until: deadline) else {
            isLost = true
            throw .unreachable("the server has not answered in time")
        }
        return PQgetResult(handle)
    }

    /// A statement that was not prepared, or that fails because the schema has changed since, is prepared anew.
    private func forget(_ failed: Sent) {
        switch failed {
        case .preparation(let key): kept[key] = nil
        case .statement(let key?): kept[key] = nil
        case .statement(nil), .command, .aside, .end: break
        }
    }

    private func failure(of result: OpaquePointer?) -> StoreError? {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return nil
        case PGRES_PIPELINE_ABORTED: return .failed(code: 0, message: "not carried out")
        default:
            guard let state = wgw_pq_state(result).map({ String(cString: $0) }) else {
                return lost()
            }
            let error = StoreError(
                state: state,
                message: wgw_pq_message(result).map { String(cString: $0) } ?? "",
                constraint: wgw_pq_constraint(result).map { String(cString: $0) }
            )
            if case .unreachable = error { isLost = true }
            return error
        }
    }

    private func lost() -> StoreError {
        isLost = true
        return .unreachable("the connection was lost")
    }

    /// The types of values, as far as they are known without the statement.
    private static func signature(of values: [SQLValue]) -> String {
        var signature = "\n"
        for value in values {
            switch value {
            case .null: signature += "0"
            case .integer: signature += "i"
            case .text: signature += "t"
            case .bytes: signature += "b"
            }
        }
        return signature
    }
}
