package import GatewayDomain
import GatewayStore

extension ControlPlane {
    package func listPeerShares(
        of id: PeerID,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<PeerShare> {
        try await store.read { db in
            guard let peer = try Peers.find(id, in: caller.scope, db) else {
                throw ServiceError.notFound
            }
            return try PeerShares.list(of: peer, page: page, db)
        }
    }

    package func showPeerShare(_ id: PeerShareID, by caller: Caller) async throws -> PeerShare {
        let share = try await store.read { db in
            try PeerShares.find(id, in: caller.scope, db)
        }
        guard let share else { throw ServiceError.notFound }
        return share
    }

    package func showPeerConfigURL(
        of id: PeerID,
        by caller: Caller
    ) async throws -> PeerConfigURL {
        let url = try await store.read { db in
            try Peers.find(id, in: caller.scope, db).flatMap { try PeerConfigURLs.find(of: $0, db) }
        }
        guard let url else { throw ServiceError.notFound }
        return url
    }
}
