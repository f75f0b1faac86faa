package import GatewayDomain
import GatewayStore

package struct ShowNetwork: Sendable {
    let store: Store

    package func callAsFunction(_ id: NetworkID, by caller: Caller) async throws -> Network {
        let network = try await store.read { db in
            try Networks.find(id, in: caller.scope, db)
        }
        guard let network else { throw ServiceError.notFound }
        return network
    }
}
