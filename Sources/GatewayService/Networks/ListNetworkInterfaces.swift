package import GatewayDomain
import GatewayStore

/// What is attached to a network: gateways of all kinds.
package struct ListNetworkInterfaces: Sendable {
    let store: Store

    package func callAsFunction(
        _ id: NetworkID,
        filter: InterfaceFilter,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<NetworkInterface> {
        try await store.read { db in
            guard let network = try Networks.find(id, in: caller.scope, db) else {
                throw ServiceError.notFound
            }
            return try NetworkInterfaces.list(of: network, filter: filter, page: page, db)
        }
    }
}
