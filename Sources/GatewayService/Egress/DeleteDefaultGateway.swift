package import GatewayDomain
import GatewayStore

package struct DeleteDefaultGateway: Sendable {
    let store: Store

    package func callAsFunction(
        _ id: NetworkID,
        by caller: Caller
    ) async throws -> DefaultGateway {
        try caller.require(.member)
        return try await store.write { db in
            guard let network = try Networks.find(id, in: caller.scope, db),
                let gateway = try DefaultGateways.find(of: network, db)
            else { throw ServiceError.notFound }
            try DefaultGateways.delete(gateway, db)
            return gateway
        }
    }
}
