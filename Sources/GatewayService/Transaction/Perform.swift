import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// Carries out a verb. When this returns, the change is on disk and every part of this process has
    /// been told of it.
    ///
    /// The verb sees the caller as it is in the transaction, and not as it was when its request began.
    ///
    /// - Throws: what the caller or the verb is refused with, and then nothing has changed.
    package func perform<Value: Sendable>(
        _ verb: Verb<Value>,
        by caller: Caller
    ) async throws -> Value {
        try await perform(verb, by: caller, unless: { _ in }) { _, _ in }
    }

    /// - Parameters:
    ///   - isAnswered: runs at the beginning of the transaction, and throws where nothing is to be done.
    ///   - recordResponse: runs at its end: the change and its stored response are both there, or
    ///     neither.
    func perform<Value: Sendable>(
        _ verb: Verb<Value>,
        by caller: Caller,
        unless isAnswered: @escaping @Sendable (Transaction) throws -> Void,
        _ recordResponse: @escaping @Sendable (Value, Transaction) throws -> Void
    ) async throws -> Value {
        // Before it waits for its turn to write.
        try caller.require(verb.permission)
        do {
            return try await change(by: caller.actor, requestID: caller.requestID) { tx in
                let caller = try caller.current(at: tx.time, tx.db)
                try caller.require(verb.permission)
                try isAnswered(tx)
                let changes = tx.db.totalChanges
                let value = try verb.rule(tx, caller)
                // The key cache, the nodes and the followers hear of nothing else. Tests are built so that
                // this stops them; a released program goes on, as a resync mends most of it.
                assert(
                    tx.db.totalChanges == changes || !tx.journal.events.isEmpty
                        || tx.journal.hasLeftOut,
                    "a verb has changed rows without an entry in the journal"
                )
                try recordResponse(value, tx)
                return value
            }
        } catch let error as ServiceError {
            throw caller.told(error)
        }
    }

    /// The one way to change what is stored. What is not a caller's request is done by the system: a
    /// start, housekeeping, the reports of nodes.
    func change<Value: Sendable>(
        by actor: Actor = .system,
        requestID: String? = nil,
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        let done = try await store.write { db in
            let tx = transaction(db, by: actor, requestID: requestID)
            let value = try body(tx)
            try tx.followChanges()
            return (value: value, events: tx.journal.events, actions: tx.afterCommit.all)
        } committed: { [commits] in
            commits.publish($0.events)
            for action in $0.actions { action() }
        }
        return done.value
    }

    func transaction(
        _ db: any SQLConnection,
        by actor: Actor,
        requestID: String?
    ) -> Transaction {
        let time = ownClock?() ?? db.time ?? .now()
        let journal = Journal(
            of: actor,
            requestID: requestID,
            at: time,
            text: journalText,
            in: db
        )
        return Transaction(
            db: db,
            time: time,
            journal: journal,
            settings: settings,
            masterKey: masterKey
        )
    }
}

extension Transaction {
    /// What follows from the changes of a transaction, whether it is made or only tried.
    func followChanges() throws {
        try followWaysOut()
        try followBackbone()
        try followDistantWaysOut()
        try noteConfigChanges()
        try forgetSignInCodes()
    }
}
