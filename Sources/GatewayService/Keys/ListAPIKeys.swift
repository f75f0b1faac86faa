package import GatewayDomain
import GatewayStore

package struct ListAPIKeys: Sendable {
    let store: Store

    package func callAsFunction(page: Page, by caller: Caller) async throws -> PageOf<APIKey> {
        try caller.requireUnrestricted(.owner)
        return try await store.read { db in
            try APIKeys.list(of: caller.organizationID, page: page, db)
        }
    }
}
