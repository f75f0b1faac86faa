package import GatewayDomain
import GatewayStore

package struct ListOrganizations: Sendable {
    let store: Store

    /// `name`: only the one that is called exactly so.
    package func callAsFunction(
        name: String?,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<Organization> {
        try caller.requireUnrestricted(.admin)
        return try await store.read { db in try Organizations.list(name: name, page: page, db) }
    }
}
