package import GatewayDomain
import GatewayStore

package struct DeleteNetwork: Sendable {
    let store: Store
    let knownKeys: KnownKeys

    /// Refuses while the network has gateways: too much would go with it.
    package func callAsFunction(
        _ id: NetworkID,
        by caller: Caller,
        if precondition: Precondition = .none
    ) async throws -> Network {
        try caller.require(.member)
        defer { knownKeys.forgetAll() }
        return try await store.write { db in
            guard let network = try Networks.find(id, in: caller.scope, db) else {
                throw ServiceError.notFound
            }
            try precondition.check(network.updatedAt)
            guard try !Gateways.exist(in: network, db), try !InternetGateways.exist(in: network, db)
            else { throw ServiceError.networkInUse }
            try Networks.delete(network, db)
            return network
        }
    }
}
