package import GatewayDomain
import GatewayStore

package struct ShowInternetGateway: Sendable {
    let store: Store

    package func callAsFunction(
        _ id: InternetGatewayID,
        by caller: Caller
    ) async throws -> InternetGateway {
        let gateway = try await store.read { db in
            try InternetGateways.find(id, in: caller.scope, db)
        }
        guard let gateway else { throw ServiceError.notFound }
        return gateway
    }
}
