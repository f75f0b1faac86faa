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
        let gateway = try await store.write { db in
            let time = now()
            guard let gateway = try Gateways.find(id, in: caller.scope, db) else {
                throw ServiceError.notFound
            }
            try precondition.check(gateway.updatedAt)
            let journal = Journal(by: caller, at: time)
            try deletePeers(of: gateway, journal, db)
            try Gateways.delete(gateway, at: time, db)
            try journal.deleted(gateway, in: gateway.networkID, db)
            var deleted = gateway
            deleted.status = .deleting
            deleted.statusReason = nil
            deleted.updatedAt = time
            return deleted
        }
        dataPlane.stateChanged()
        return gateway
    }

    /// Many at a time, but never all in memory.
    private func deletePeers(
        of gateway: Gateway,
        _ journal: Journal,
        _ db: any SQLConnection
    ) throws {
        let way = try DefaultGateways.find(of: gateway.networkID, of: gateway.organizationID, db)
        while true {
            let peers = try Peers.oldest(of: gateway, limit: 1_000, db)
            guard !peers.isEmpty else { return }
            for peer in peers {
                if let way, way.peerID == peer.id { try delete(way, journal, db) }
                try Peers.deleteWithGateway(peer, db)
                try journal.deleted(peer, in: gateway.networkID, db)
            }
        }
    }
}
