package import GatewayDomain
import GatewayStore
package import PeerConfig

extension ControlPlane {
    /// Reads what the config of a peer says. Its private key is not stored, so its owner fills it in. Its
    /// preshared key is shown to those who may change it, and to no viewer.
    ///
    /// - Parameters:
    ///   - fullTunnel: see `PeerConfigSources`.
    ///   - isFetch: whether the config is for the peer. A viewer's is not, as it may lack a key.
    package func readPeerTunnel(
        _ id: PeerID,
        fullTunnel: Bool,
        isFetch: Bool = true,
        by caller: Caller
    ) async throws -> PeerTunnel {
        let sources = try await store.read { db in
            try PeerConfigSources(id, fullTunnel: fullTunnel, in: caller.scope, db)
        }
        let seesKeys = caller.role >= .member
        let tunnel = try sources.tunnel(
            settings: settings,
            masterKey: seesKeys ? masterKey : nil,
            damage: store.damage
        )
        if isFetch, seesKeys { await noteFetch(sources) }
        return tunnel
    }

    /// Remembers which file the peer has now. A file that cannot be remembered is given all the same: a
    /// request that only reads needs no disk.
    func noteFetch(_ sources: PeerConfigSources) async {
        let known = sources.peer.config
        // Writes nothing where a device asks again and again for what it has.
        guard
            known.state != .current || known.fetchedRevision != sources.revision
                || known.fetchedFullTunnel != sources.fullTunnel
        else { return }
        try? await change { tx in
            try ConfigRevisions.noteFetch(
                of: sources.peer.id,
                revision: sources.revision,
                fullTunnel: sources.fullTunnel,
                tx.db
            )
        }
    }
}
