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
        let found = try await apiKeyCache.candidate(forHash: hash, isTrusted: isUpToDate) {
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
}

extension Caller {
    /// - Parameter organization: the organization that an admin wants to act for, as text; nil for its
    ///   own.
    func acting(for organization: String?, _ store: Store) async throws -> Caller {
        guard let organization, OrganizationID(organization) != ownOrganizationID else {
            return self
        }
        try require(.unrestricted(.admin))
        guard let id = OrganizationID(organization) else { throw ServiceError.notFound }
        return try await store.read { db in try acting(for: id, db) }
    }
}
