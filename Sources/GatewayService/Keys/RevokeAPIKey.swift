package import GatewayDomain
import GatewayStore

/// Revokes a key: the next request with it is refused. The last one of an admin stays.
package struct RevokeAPIKey: Sendable {
    let store: Store
    let knownKeys: KnownKeys
    let now: WallClock

    package func callAsFunction(
        _ id: APIKeyID,
        by caller: Caller,
        if precondition: Precondition = .none
    ) async throws -> APIKey {
        try caller.requireUnrestricted(.owner)
        defer { knownKeys.forgetAll() }
        return try await store.write { db in
            let journal = Journal(by: caller, at: now())
            guard
                let key = try APIKeys.find(
                    id,
                    of: caller.organizationID,
                    reading: .forDeletion,
                    db
                )
            else { throw ServiceError.notFound }
            try precondition.check(key.createdAt)
            // An owner must not shut the operator out.
            try caller.require(key.role)
            try keepingAnAdmin(at: journal.time, db) {
                try APIKeys.delete(key, at: journal.time, db)
            }
            try journal.deleted(key, in: nil, db)
            return key
        }
    }
}
