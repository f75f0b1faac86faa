import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// Begins a session of a principal that has proved itself.
    ///
    /// - Throws: `organizationSuspended`, and what `check` throws.
    /// - Parameter check: runs in the transaction, and throws where the proof is worth nothing any more.
    func begin(
        _ principal: Principal,
        of organization: OrganizationID,
        from origin: SignInOrigin,
        _ check: @escaping @Sendable (Transaction) throws -> Void = { _ in }
    ) async throws -> NewSession {
        let secret = SessionSecret.random()
        let session = Session(
            id: .random(),
            organizationID: organization,
            principal: principal,
            source: origin.source,
            userAgent: Session.shownUserAgent(origin.userAgent),
            createdAt: now()
        )
        let known = try await store.read { db in
            try session.caller(at: session.createdAt, db)
        }
        guard let caller = known else { throw ServiceError.signInRefused }
        try await change(by: caller.actor, requestID: origin.requestID) { tx in
            guard try session.caller(at: tx.time, tx.db) != nil else {
                throw ServiceError.signInRefused
            }
            guard try Organizations.isActive(organization, tx.db) else {
                throw ServiceError.organizationSuspended
            }
            try check(tx)
            if let replaced = origin.replaced { try tx.endSession(behind: replaced) }
            let others = try Sessions.all(of: principal, in: organization, tx.db)
            for old in others.sorted(by: { $0.lastUsedAt < $1.lastUsedAt })
                .dropLast(Session.most - 1)
            {
                try tx.end(old)
            }
            if case .user(let id) = principal {
                try Users.noteSignIn(of: id, in: organization, at: tx.time, tx.db)
            }
            try Sessions.insert(session, hash: secret.hash, tx.db)
            try tx.journal.created(.session(session))
        }
        return NewSession(session: session, secret: secret, caller: caller)
    }
}

extension Transaction {
    func end(_ session: Session) throws {
        try Sessions.delete(session, db)
        try journal.deleted(.session(session))
    }

    /// - Parameter kept: the one that goes on.
    func endSessions(
        of principal: Principal,
        in organization: OrganizationID,
        but kept: SessionID? = nil
    ) throws -> [Session] {
        let ended = try Sessions.all(of: principal, in: organization, db).filter { $0.id != kept }
        for session in ended { try end(session) }
        return ended
    }

    fileprivate func endSession(behind secret: SessionSecret) throws {
        let hash = secret.hash
        let found = try Sessions.candidates(forHash: hash, db)
            .first { KeyHash.isEqual($0.hash, hash) }
        if let found { try end(found.session) }
    }
}
