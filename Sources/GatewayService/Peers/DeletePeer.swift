package import GatewayDomain
import GatewayStore

/// Deletes a peer. Its address rests before somebody else gets it.
package struct DeletePeer: Sendable {
    let store: Store
    let dataPlane: any DataPlaneControl
    let now: WallClock

    package func callAsFunction(
        _ id: PeerID,
        by caller: Caller,
        if precondition: Precondition = .none
    ) async throws -> Peer {
        try caller.require(.member)
        let peer = try await store.write { db in
            let time = now()
            guard let peer = try Peers.find(id, in: caller.scope, reading: .forDeletion, db) else {
                throw ServiceError.notFound
            }
            try precondition.check(peer.updatedAt)
            let journal = Journal(by: caller, at: time)
            // Nil for a damaged peer that does not name its gateway.
            let gateway = try Gateways.find(
                peer.gatewayID,
                in: caller.scope,
                reading: .forDeletion,
                db
            )
            if let gateway,
                let way = try DefaultGateways.find(
                    of: gateway.networkID,
                    of: peer.organizationID,
                    reading: .forDeletion,
                    db
                ), way.peerID == id
            {
                try delete(way, journal, db)
            }
            try Peers.delete(peer, of: gateway, at: time, db)
            try journal.deleted(peer, in: gateway?.networkID, db)
            return peer
        }
        dataPlane.stateChanged()
        return peer
    }
}
