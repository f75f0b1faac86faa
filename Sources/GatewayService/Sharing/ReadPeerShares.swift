package import GatewayDomain
import GatewayStore

extension ControlPlane {
    package func listPeerShares(
        of peerID: PeerID?,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<PeerShare> {
        try await store.read { db in
            try PeerShares.list(in: caller.scope, peerID: peerID, page: page, db)
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
