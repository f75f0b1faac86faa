package import GatewayDomain
import GatewayStore

extension ControlPlane {
    package func listPeers(
        gatewayID: GatewayID?,
        name: String? = nil,
        configState: ConfigState? = nil,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<Peer> {
        try await store.read { db in
            try Peers.list(
                in: caller.scope,
                gatewayID: gatewayID,
                name: name,
                configState: configState,
                page: page,
                db
            )
        }
    }

    package func showPeer(_ id: PeerID, by caller: Caller) async throws -> Peer {
        let peer = try await store.read { db in
            try Peers.find(id, in: caller.scope, db)
        }
        guard let peer else { throw ServiceError.notFound }
        return peer
    }
}
