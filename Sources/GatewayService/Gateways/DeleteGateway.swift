package import GatewayDomain
import GatewayStore

/// Deletes a gateway and its peers with it.
package struct DeleteGateway: Sendable {
    let store: Store
    let dataPlane: any DataPlaneControl
    let now: WallClock

    /// Answers the gateway as it was, in its last state.
    package func callAsFunction(
        _ id: GatewayID,
        by caller: Caller,
        if precondition: Precondition = .none
    ) async throws -> Gateway {
        try caller.require(.member)
        let time = now()
        let gateway = try await store.write { db in
            guard var gateway = try Gateways.find(id, in: caller.scope, db) else {
                throw ServiceError.notFound
            }
            try precondition.check(gateway.updatedAt)
            try Peers.deleteAll(of: gateway, db)
            try Gateways.delete(gateway, at: time, db)
            gateway.status = .deleting
            gateway.statusReason = nil
            gateway.updatedAt = time
            return gateway
        }
        dataPlane.stateChanged()
        return gateway
    }
}
