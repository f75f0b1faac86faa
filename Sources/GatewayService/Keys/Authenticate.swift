import GatewayStore

/// Finds out who a bearer token belongs to.
package struct Authenticate: Sendable {
    let store: Store

    /// Nil for a key that nobody has.
    package func callAsFunction(bearer: String) async throws -> Caller? {
        let hash = KeyHash.of(bearer)
        let candidates = try await store.read { db in
            try APIKeys.candidates(forHash: hash, db)
        }
        guard let key = candidates.first(where: { KeyHash.isEqual($0.hash, hash) }) else {
            return nil
        }
        return Caller(organizationID: key.organizationID, keyID: key.id)
    }
}
