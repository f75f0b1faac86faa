import GatewayDomain
import GatewayStore

/// `last_used_at` is written at most once in this time: otherwise every request would be a write.
private let useSeconds: Int64 = 60

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
        let hash = KeyHash.of(bearer)
        let found = try await apiKeyCache.candidate(forHash: hash) {
            let candidates = try await store.read { db in
                try APIKeys.candidates(forHash: hash, db)
            }
            return candidates.first { KeyHash.isEqual($0.hash, hash) }
        }
        guard let found else { return nil }
        let key = found.key
        guard !key.hasExpired(at: time) else { return nil }
        guard !found.isSuspended else { throw ServiceError.organizationSuspended }
        if apiKeyCache.takeNote(of: key, at: time, every: useSeconds) {
            noteUse(of: key, at: time)
        }
        guard let organization, OrganizationID(organization) != key.organizationID else {
            return Caller(key)
        }
        return try await admin(key, actingFor: organization)
    }

    /// Nothing waits for it, and it may fail: a request that only reads needs no disk.
    private func noteUse(of key: APIKey, at time: Timestamp) {
        Task {
            try? await change { tx in try APIKeys.noteUse(of: key, at: time, tx.db) }
        }
    }

    /// Whether the key of an earlier request would still open the API.
    func isStillGood(_ caller: Caller) async throws -> Bool {
        let time = now()
        return try await store.read { db in
            guard let key = try APIKeys.find(caller.keyID, of: caller.ownOrganizationID, db),
                !key.hasExpired(at: time)
            else { return false }
            return try Organizations.isActive(caller.ownOrganizationID, db)
        }
    }

    private func admin(_ key: APIKey, actingFor organization: String) async throws -> Caller {
        try Caller(key).require(.unrestricted(.admin))
        guard let id = OrganizationID(organization),
            try await store.read({ db in try Organizations.isStored(id, db) })
        else { throw ServiceError.notFound }
        return Caller(key, scope: Scope(organizationID: id))
    }
}
