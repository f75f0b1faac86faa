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
            guard let peer = try Peers.find(id, in: caller.scope, db),
                let network = try Gateways.find(peer.gatewayID, in: caller.scope, db)?.networkID
            else { throw ServiceError.notFound }
            try precondition.check(peer.updatedAt)
            let journal = Journal(by: caller, at: time)
            let way = try DefaultGateways.find(of: network, of: peer.organizationID, db)
            if let way, way.peerID == id { try delete(way, journal, db) }
            try Peers.delete(peer, at: time, db)
            try journal.deleted(peer, in: network, db)
            return peer
        }
        dataPlane.stateChanged()
        return peer
    }
}
