package import GatewayDomain
import GatewayStore

package struct ShowDefaultGateway: Sendable {
    let store: Store

    /// Nil where the network has none.
    package func callAsFunction(
        _ id: NetworkID,
        by caller: Caller
    ) async throws -> DefaultGateway? {
        try await store.read { db in
            guard let network = try Networks.find(id, in: caller.scope, db) else {
                throw ServiceError.notFound
            }
            return try DefaultGateways.find(of: id, of: network.organizationID, db)
        }
    }
}
