package import GatewayDomain
import GatewayStore

package struct ShowAPIKey: Sendable {
    let store: Store

    package func callAsFunction(_ id: APIKeyID, by caller: Caller) async throws -> APIKey {
        try caller.requireUnrestricted(.owner)
        let key = try await store.read { db in
            try APIKeys.find(id, of: caller.organizationID, db)
        }
        guard let key else { throw ServiceError.notFound }
        return key
    }
}
