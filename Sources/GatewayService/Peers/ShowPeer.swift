package import GatewayDomain
import GatewayStore

package struct ShowPeer: Sendable {
    let store: Store

    package func callAsFunction(_ id: PeerID, by caller: Caller) async throws -> Peer {
        let peer = try await store.read { db in
            try Peers.find(id, in: caller.scope, db)
        }
        guard let peer else { throw ServiceError.notFound }
        return peer
    }
}
