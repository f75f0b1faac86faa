package import GatewayDomain
import GatewayStore

/// What is attached to a network: in this release WireGuard gateways only.
package struct ListNetworkInterfaces: Sendable {
    let store: Store

    package func callAsFunction(
        _ id: NetworkID,
        filter: InterfaceFilter,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<Gateway> {
        try await store.read { db in
            guard try Networks.find(id, in: caller.scope, db) != nil else {
                throw ServiceError.notFound
            }
            guard filter.type == nil || filter.type == InterfaceFilter.wireGuardType else {
                return PageOf(page, of: [])
            }
            return try Gateways.list(
                in: caller.scope,
                networkID: id,
                filter: filter,
                page: page,
                db
            )
        }
    }
}
