package import GatewayDomain
import GatewayStore

/// Deletes a gateway and its peers with it.
package struct DeleteGateway: Sendable {
    /// So many peers go in one transaction, which others wait for. A gateway with more is `deleting`
    /// for a while and takes no new ones; a server that is stopped meanwhile leaves it so, and the
    /// next request goes on.
    static let batch = 500

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
        var condition = precondition
        while true {
            let step = condition
            let deleted = try await store.write { db in
                guard
                    let gateway = try Gateways.find(
                        id,
                        in: caller.scope,
                        reading: .forDeletion,
                        db
                    )
                else {
                    throw ServiceError.notFound
                }
                try step.check(gateway.updatedAt)
                return try delete(gateway, Journal(by: caller, at: now()), db)
            }
            dataPlane.stateChanged()
            if let deleted { return deleted }
            condition = .none
        }
    }

    /// Nil when there is more to do.
    private func delete(
        _ gateway: Gateway,
        _ journal: Journal,
        _ db: any SQLConnection
    ) throws -> Gateway? {
        let deleting = gateway.deleting(at: journal.time)
        // Not by the gateway's own count of them, which may be damaged.
        let peers = try Peers.oldest(of: gateway, limit: Self.batch + 1, db)
        let isLast = peers.count <= Self.batch
        if !isLast, gateway.status != .deleting {
            try NodeTables.setStatus(of: deleting, db)
            try journal.updated(gateway, deleting, in: gateway.networkID, db)
        }
        try deletePeers(peers.prefix(Self.batch), of: gateway, journal, db)
        guard isLast else { return nil }
        try Gateways.delete(gateway, at: journal.time, db)
        try journal.deleted(gateway, in: gateway.networkID, db)
        return deleting
    }

    private func deletePeers(
        _ peers: ArraySlice<Peer>,
        of gateway: Gateway,
        _ journal: Journal,
        _ db: any SQLConnection
    ) throws {
        let way = try DefaultGateways.find(
            of: gateway.networkID,
            of: gateway.organizationID,
            reading: .forDeletion,
            db
        )
        // The journal can tell of no peer without an id.
        for peer in peers where peer.id != .substitute {
            if let way, way.peerID == peer.id {
                try GatewayService.delete(way, journal, db)
            }
            try journal.deleted(peer, in: gateway.networkID, db)
        }
        try Peers.deleteOldest(of: gateway, limit: Self.batch, db)
    }
}

extension Gateway {
    fileprivate func deleting(at time: Timestamp) -> Gateway {
        var gateway = self
        gateway.status = .deleting
        gateway.statusReason = nil
        gateway.updatedAt = time
        return gateway
    }
}
