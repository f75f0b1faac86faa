import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// Finds the caller that the cookie of a session belongs to.
    ///
    /// - Parameter organization: the organization that an admin wants to act for, as text; nil for its
    ///   own.
    /// - Parameter source: the address that the request comes from.
    /// - Returns: nil for a session that is unknown or has ended.
    /// - Throws: `tooManySignIns` for such a session where the address has shown too many.
    package func authenticate(
        session secret: SessionSecret,
        actingFor organization: String? = nil,
        from source: String
    ) async throws -> Caller? {
        let time = now()
        guard let found = try await find(secret, at: time) else {
            try attempts.takeForWrongSecret(from: source)
            return nil
        }
        guard !found.isSuspended else { throw ServiceError.organizationSuspended }
        noteUse(of: found.session, at: time)
        return try await found.caller.acting(for: organization, store)
    }

    /// The caller of a session, also where its organization is suspended.
    func find(
        _ secret: SessionSecret,
        at time: Timestamp
    ) async throws -> (session: Session, caller: Caller, isSuspended: Bool)? {
        let hash = secret.hash
        return try await store.read { db in
            let candidates = try Sessions.candidates(forHash: hash, db)
            guard let found = candidates.first(where: { KeyHash.isEqual($0.hash, hash) }),
                !found.session.hasExpired(at: time),
                let caller = try found.session.caller(at: time, db)
            else { return nil }
            return (found.session, caller, found.isSuspended)
        }
    }

    /// Nothing waits for it, and it may fail: a request that only reads needs no disk.
    private func noteUse(of session: Session, at time: Timestamp) {
        guard sessionUses.take(session.id, lastUsedAt: session.lastUsedAt, at: time) else { return }
        Task {
            try? await change { tx in try Sessions.noteUse(of: session, at: time, tx.db) }
        }
    }
}

extension Session {
    /// Nil where its principal is gone, or is an API key that has expired.
    func caller(at time: Timestamp, _ db: any SQLConnection) throws(StoreError) -> Caller? {
        switch principal {
        case .user(let id):
            return try Users.find(id, of: organizationID, db).map { Caller($0, by: self) }
        case .apiKey(let id):
            guard let key = try APIKeys.find(id, of: organizationID, db),
                !key.hasExpired(at: time)
            else { return nil }
            return Caller(key, by: self)
        }
    }
}
