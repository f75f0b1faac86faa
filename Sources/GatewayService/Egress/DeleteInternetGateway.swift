package import GatewayDomain
import GatewayStore

package struct DeleteInternetGateway: Sendable {
    let store: Store
    let now: WallClock

    /// Answers the gateway as it was, in its last state.
    package func callAsFunction(
        _ id: InternetGatewayID,
        by caller: Caller,
        if precondition: Precondition = .none
    ) async throws -> InternetGateway {
        try caller.require(.member)
        return try await store.write { db in
            let time = now()
            guard
                let gateway = try InternetGateways.find(
                    id,
                    in: caller.scope,
                    reading: .forDeletion,
                    db
                )
            else { throw ServiceError.notFound }
            try precondition.check(gateway.updatedAt)
            try InternetGateways.delete(gateway, db)
            try Journal(by: caller, at: time).deleted(gateway, in: gateway.networkID, db)
            var deleted = gateway
            deleted.status = .deleting
            deleted.updatedAt = time
            return deleted
        }
    }
}
