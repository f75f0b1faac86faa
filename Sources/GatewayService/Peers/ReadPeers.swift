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
        let list: @Sendable (any SQLConnection) throws -> PageOf<Peer> = { db in
            try Peers.list(
                in: caller.scope,
                gatewayID: gatewayID,
                name: name,
                configState: configState,
                page: page,
                db
            )
        }
        // The state of a config is in no index: every peer is looked at.
        return configState == nil
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
