package import GatewayDomain
import GatewayStore

package struct ListInternetGateways: Sendable {
    let store: Store

    package func callAsFunction(
        networkID: NetworkID?,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<InternetGateway> {
        try await store.read { db in
            try InternetGateways.list(in: caller.scope, networkID: networkID, page: page, db)
        }
    }
}
