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
        let time = now()
        let peer = try await store.write { db in
            guard let peer = try Peers.find(id, in: caller.scope, db) else {
                throw ServiceError.notFound
            }
            try precondition.check(peer.updatedAt)
            try Peers.delete(peer, at: time, db)
            return peer
        }
        dataPlane.stateChanged()
        return peer
    }
}
