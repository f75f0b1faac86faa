package import GatewayDomain
import GatewayStore
import NetAddress

extension ControlPlane {
    /// Writes the config text of a peer. Its private key is not stored, so its owner fills it in. Its
    /// preshared key is shown to those who may change it, and to no viewer.
    ///
    /// - Parameter fullTunnel: asks for a route to everything. It is given where the network has a way
    ///   out that is not the peer itself.
    package func renderPeerConfig(
        _ id: PeerID,
        fullTunnel: Bool,
        by caller: Caller
    ) async throws -> String {
        let sources = try await store.read { db in
            try ConfigSources(id, in: caller.scope, db)
        }
        let (peer, gateway) = (sources.peer, sources.gateway)
        let file = PeerConfigFile(
            privateKey: nil,
            address: peer.address,
            gatewayPublicKey: gateway.publicKey,
            presharedKey: try presharedKey(sources, caller),
            allowedPrefixes: PeerConfigFile.allowedPrefixes(
                gatewaySubnets: sources.subnets,
                servicePrefixes: gateway.enablesSIPTrunking ? settings.sipTrunkingPrefixes : [],
                toEverywhere: fullTunnel && sources.hasWayOut
            ),
            endpoint: gateway.endpoint,
            persistentKeepalive: peer.persistentKeepalive
                ?? gateway.persistentKeepalive
                ?? settings.defaultPersistentKeepalive
        )
        return file.text
    }

    private func presharedKey(
        _ sources: ConfigSources,
        _ caller: Caller
    ) throws -> PeerConfigFile.PresharedKey {
        guard let sealed = sources.sealedPresharedKey else { return .none }
        guard caller.role >= .member else { return .hidden }
        let peer = sources.peer.id
        guard let key = try? masterKey.open(sealed, for: .peerPresharedKey, of: peer) else {
            let row = DamagedRow(table: "peer", id: "\(peer)", column: "sealed_preshared_key")
            store.damage.note(row)
            throw ServiceError.damaged(table: row.table, id: row.id, column: row.column)
        }
        return .key(key)
    }
}

/// One moment's view of everything that the text depends on.
private struct ConfigSources: Sendable {
    let peer: Peer
    let gateway: Gateway
    let subnets: [IPv4Prefix]
    let sealedPresharedKey: [UInt8]?
    let hasWayOut: Bool

    init(
        _ id: PeerID,
        in scope: Scope,
        _ db: any SQLConnection
    ) throws {
        guard
            let peer = try Peers.find(id, in: scope, db),
            let gateway = try Gateways.find(peer.gatewayID, in: scope, db),
            let network = try Networks.find(gateway.networkID, in: scope, db)
        else { throw ServiceError.notFound }
        self.peer = peer
        self.gateway = gateway
        subnets = try Gateways.readableSubnets(
            of: gateway.networkID,
            of: scope.organizationID,
            db
        )
        sealedPresharedKey = try Peers.sealedPresharedKey(of: peer, db)
        let defaultGateway = try DefaultGateways.find(
            of: network.id,
            of: network.organizationID,
            db
        )
        hasWayOut =
            try InternetGateways.exist(in: network, db)
            || defaultGateway.map { $0.peerID != id } ?? false
    }
}
