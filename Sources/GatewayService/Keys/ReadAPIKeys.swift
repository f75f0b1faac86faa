package import GatewayDomain
import GatewayStore

extension ControlPlane {
    package func listAPIKeys(page: Page, by caller: Caller) async throws -> PageOf<APIKey> {
        try caller.require(.unrestricted(.owner))
        return try await store.read { db in
            try APIKeys.list(of: caller.organizationID, page: page, db)
        }
    }

    package func showAPIKey(_ id: APIKeyID, by caller: Caller) async throws -> APIKey {
        try caller.require(.unrestricted(.owner))
        let key = try await store.read { db in
            try APIKeys.find(id, of: caller.organizationID, db)
        }
        guard let key else { throw ServiceError.notFound }
        return key
    }
}
