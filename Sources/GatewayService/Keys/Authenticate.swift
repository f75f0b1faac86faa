import GatewayDomain
import GatewayStore

/// Finds out who a bearer token belongs to.
package struct Authenticate: Sendable {
    /// `last_used_at` is written no more often: every request would be a write.
    private static let useSeconds: Int64 = 60

    let store: Store
    let knownKeys: KnownKeys
    let now: WallClock

    /// - Parameter organization: whose place an admin wants to take, as text; nil for its own.
    /// - Returns: nil for a key that nobody has, or that has expired.
    package func callAsFunction(
        bearer: String,
        actingFor organization: String? = nil
    ) async throws -> Caller? {
        let time = now()
        let hash = KeyHash.of(bearer)
        let found = try await knownKeys.candidate(forHash: hash) {
            let candidates = try await store.read { db in
                try APIKeys.candidates(forHash: hash, db)
            }
            return candidates.first { KeyHash.isEqual($0.hash, hash) }
        }
        guard let found else { return nil }
        let key = found.key
        guard !key.hasExpired(at: time) else { return nil }
        guard !found.isSuspended else { throw ServiceError.organizationSuspended }
        if knownKeys.takeNote(of: key, at: time, every: Self.useSeconds) {
            noteUse(of: key, at: time)
        }
        guard let organization, OrganizationID(organization) != key.organizationID else {
            return Caller(key)
        }
        return try await admin(key, actingFor: organization)
    }

    /// Nothing waits for it, and it may fail: a request that only reads needs no disk.
    private func noteUse(of key: APIKey, at time: Timestamp) {
        Task { [store] in
            try? await store.write { db in try APIKeys.noteUse(of: key, at: time, db) }
        }
    }

    /// Whether a caller of before would still be let in.
    func isStillGood(_ caller: Caller) async throws -> Bool {
        let time = now()
        return try await store.read { db in
            guard let key = try APIKeys.find(caller.keyID, of: caller.homeID, db),
                !key.hasExpired(at: time)
            else { return false }
            return try Organizations.isActive(caller.homeID, db)
        }
    }

    private func admin(_ key: APIKey, actingFor organization: String) async throws -> Caller {
        try Caller(key).requireUnrestricted(.admin)
        guard let id = OrganizationID(organization),
            try await store.read({ db in try Organizations.isStored(id, db) })
        else { throw ServiceError.notFound }
        return Caller(key, scope: Scope(organizationID: id))
    }
}
