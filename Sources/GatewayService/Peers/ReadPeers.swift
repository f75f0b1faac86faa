package import GatewayDomain
import GatewayStore

extension ControlPlane {
    package func listPeers(
        _ filter: PeerFilter = PeerFilter(),
        order: ListOrder<PeerSortMember> = .oldestFirst,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<Peer> {
        let now = now()
        let list: @Sendable (any SQLConnection) throws -> PageOf<Peer> = { db in
            try Peers.list(
                in: caller.scope,
                filter,
                order: order,
                at: now,
                page: page,
                db
            )
        }
        return Peers.isQuick(filter, order)
            ? try await store.read(list) : try await store.readAside(list)
    }

    package func showPeer(_ id: PeerID, by caller: Caller) async throws -> Peer {
        let peer = try await store.read { db in
            try Peers.find(id, in: caller.scope, db)
        }
        guard let peer else { throw ServiceError.notFound }
        return peer
    }
}
