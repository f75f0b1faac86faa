package import GatewayDomain
import GatewayStore

package struct ListNetworks: Sendable {
    let store: Store

    /// `name`: only those that are called exactly so.
    package func callAsFunction(
        name: String?,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<Network> {
        try await store.read { db in
            try Networks.list(in: caller.scope, name: name, page: page, db)
        }
    }
}
