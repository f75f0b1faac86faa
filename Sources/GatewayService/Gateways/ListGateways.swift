package import GatewayDomain
import GatewayStore

package struct ListGateways: Sendable {
    let store: Store

    package func callAsFunction(
        networkID: NetworkID?,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<Gateway> {
        try await store.read { db in
            try Gateways.list(in: caller.scope, networkID: networkID, page: page, db)
        }
    }
}
