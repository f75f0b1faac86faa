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

    /// All peers of a list for one answer: their ids at once, which are 16 bytes each, and the peers by these.
    package func listPeerIDs(
        _ filter: PeerFilter = PeerFilter(),
        order: ListOrder<PeerSortMember> = .oldestFirst,
        by caller: Caller
    ) async throws -> [PeerID] {
        let now = now()
        return try await store.readAside { db in
            try Peers.ids(in: caller.scope, filter, order: order, at: now, db)
        }
    }

    /// Those of these peers that are there, in the order of the ids, of which a page has room.
    package func peers(_ ids: ArraySlice<PeerID>, by caller: Caller) async throws -> [Peer] {
        var filter = PeerFilter()
        filter.ids = Array(ids)
        guard let page = Page(size: PeerFilter.mostIDs) else { return [] }
        let found = try await listPeers(filter, page: page, by: caller).elements
        let peers = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
        return ids.compactMap { peers[$0] }
    }

    package func showPeer(_ id: PeerID, by caller: Caller) async throws -> Peer {
        let peer = try await store.read { db in
            try Peers.find(id, in: caller.scope, db)
        }
        guard let peer else { throw ServiceError.notFound }
        return peer
    }
}
