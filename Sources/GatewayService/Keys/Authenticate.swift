import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// Finds the caller that a bearer token belongs to.
    ///
    /// - Parameter organization: the organization that an admin wants to act for, as text; nil for its
    ///   own.
    /// - Returns: nil for an unknown or expired key.
    package func authenticate(
        bearer: String,
        actingFor organization: String? = nil
    ) async throws -> Caller? {
        let time = now()
        guard let found = try await key(behind: bearer) else { return nil }
        guard !found.isSuspended else { throw ServiceError.organizationSuspended }
        let key = found.key
        if keyUses.take(key.id, lastUsedAt: key.lastUsedAt, at: time) {
            noteUse(of: key, at: time)
        }
        return try await Caller(key).acting(for: organization, store)
    }

    /// The key of this text, as long as it has not expired.
    func key(behind text: String) async throws -> APIKeys.Candidate? {
        let hash = KeyHash.of(text)
        let found = try await apiKeyCache.candidate(forHash: hash) {
            let candidates = try await store.read { db in
                try APIKeys.candidates(forHash: hash, db)
            }
            return candidates.first { KeyHash.isEqual($0.hash, hash) }
        }
        guard let found, !found.key.hasExpired(at: now()) else { return nil }
        return found
    }

    /// Nothing waits for it, and it may fail: a request that only reads needs no disk.
    private func noteUse(of key: APIKey, at time: Timestamp) {
        Task {
            try? await change { tx in try APIKeys.noteUse(of: key, at: time, tx.db) }
        }
    }

    /// Whether what the caller of an earlier request has shown would still open the API.
    func isStillGood(_ caller: Caller) async throws -> Bool {
        let time = now()
        return try await store.read { db in
            guard try Organizations.isActive(caller.ownOrganizationID, db) else { return false }
            return try caller.hasProof(at: time, db)
        }
    }
}

extension Caller {
    /// - Parameter organization: the organization that an admin wants to act for, as text; nil for its
    ///   own.
    func acting(for organization: String?, _ store: Store) async throws -> Caller {
        guard let organization, OrganizationID(organization) != ownOrganizationID else {
            return self
        }
        try require(.unrestricted(.admin))
        guard let id = OrganizationID(organization),
            try await store.read({ db in try Organizations.isStored(id, db) })
        else { throw ServiceError.notFound }
        return acting(for: id)
    }

    fileprivate func hasProof(
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        if let sessionID {
            guard let session = try Sessions.find(sessionID, of: ownOrganizationID, db),
                !session.hasExpired(at: time)
            else { return false }
            return try session.caller(at: time, db) != nil
        }
        guard case .apiKey(let id) = principal,
            let key = try APIKeys.find(id, of: ownOrganizationID, db)
        else { return false }
        return !key.hasExpired(at: time)
    }
}
