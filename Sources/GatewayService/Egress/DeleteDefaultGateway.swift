package import GatewayDomain
import GatewayStore

package struct DeleteDefaultGateway: Sendable {
    let store: Store
    let now: WallClock

    package func callAsFunction(
        _ id: NetworkID,
        by caller: Caller
    ) async throws -> DefaultGateway {
        try caller.require(.member)
        return try await store.write { db in
            let journal = Journal(by: caller, at: now())
            guard let network = try Networks.find(id, in: caller.scope, db),
                let gateway = try DefaultGateways.find(of: id, of: network.organizationID, db)
            else { throw ServiceError.notFound }
            try delete(gateway, journal, db)
            return gateway
        }
    }
}
