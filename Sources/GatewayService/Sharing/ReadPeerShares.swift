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
        guard let url = try await listPeerConfigURLs(of: id, by: caller).first else {
            throw ServiceError.notFound
        }
        return url
    }

    /// None, or the one that a peer has.
    package func listPeerConfigURLs(
        of id: PeerID,
        by caller: Caller
    ) async throws -> [PeerConfigURL] {
        try await store.read { db in
            guard let peer = try Peers.find(id, in: caller.scope, db) else {
                throw ServiceError.notFound
            }
            return try PeerConfigURLs.find(of: peer, db).map { [$0] } ?? []
        }
    }
}
