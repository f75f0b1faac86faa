package import GatewayDomain
import GatewayStore

package struct ShowGateway: Sendable {
    let store: Store

    package func callAsFunction(_ id: GatewayID, by caller: Caller) async throws -> Gateway {
        let gateway = try await store.read { db in
            try Gateways.find(id, in: caller.scope, db)
        }
        guard let gateway else { throw ServiceError.notFound }
        return gateway
    }
}
