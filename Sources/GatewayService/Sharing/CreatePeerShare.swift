package import GatewayDomain
import GatewayStore
import PeerConfig
import WireGuardCrypto

/// A share with its secret, which is shown only once.
package struct CreatedPeerShare: Sendable {
    package let share: PeerShare
    package let secret: LinkSecret
}

extension Verb<CreatedPeerShare> {
    /// Makes a one-time link to the config file that a peer has now.
    ///
    /// The private key in the file is one that the caller sends, or that of a new pair, which is made here
    /// and leaves with the link only. Where neither is wanted, a placeholder stands in the file.
    package static func createPeerShare(_ id: PeerID, _ request: NewPeerShare) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            guard let old = try Peers.find(id, in: caller.scope, tx.db),
                let gateway = try Gateways.find(old.gatewayID, in: caller.scope, tx.db)
            else { throw ServiceError.notFound }
            var reader = FieldReader()
            let key = reader.sharedKey(request.privateKey, of: old)
            let isFullTunnel = reader.optional(request.isFullTunnel) ?? false
            let lifetime =
                reader.optional(request.expiresIn) ?? PeerShare.defaultLifetimeSeconds
            try reader.finish()
            var privateKey: SecretKey?
            switch key {
            case .given(let given): privateKey = given
            case .without: break
            case .make:
                let pair = KeyPair.random()
                var peer = old
                peer.publicKey = pair.publicKey
                _ = try tx.update(old, to: peer, of: gateway)
                privateKey = pair.privateKey
            }
            try tx.checkLimit(PeerShare.most, of: "shares of a peer") {
                try PeerShares.count(of: old, tx.db)
            }
            let sources = try PeerConfigSources(
                id,
                fullTunnel: isFullTunnel,
                in: caller.scope,
                tx.db
            )
            let tunnel = try sources.tunnel(
                privateKey: privateKey,
                settings: tx.settings,
                masterKey: tx.masterKey,
                damage: tx.db.damage
            )
            let share = PeerShare(
                id: .random(),
                organizationID: old.organizationID,
                peerID: id,
                hasPrivateKey: privateKey != nil,
                isFullTunnel: isFullTunnel,
                configRevision: sources.revision,
                expiresAt: tx.time.advanced(bySeconds: Int64(lifetime)),
                createdAt: tx.time
            )
            let secret = LinkSecret.random()
            try PeerShares.insert(
                share,
                hash: secret.hash,
                sealedConfig: try secret.seal(tunnel.config(for: .wgQuick), of: share.id),
                tx.db
            )
            try tx.journal.created(.peerShare(share, in: gateway.networkID))
            return CreatedPeerShare(share: share, secret: secret)
        }
    }
}

extension FieldReader {
    /// A peer that has connected would lose its connection to a new key pair, which has to be asked for.
    fileprivate mutating func sharedKey(
        _ field: Field<KeyRequest>,
        of peer: Peer
    ) -> KeyRequest {
        let asked = optional(field) { request in
            guard case .given(let key) = request, X25519.publicKey(of: key) != peer.publicKey
            else { return nil }
            return .invalid("is not the private key that belongs to the public key of the peer")
        }
        if let asked { return asked }
        if peer.activity.latestHandshakeAt != nil, field.isAbsent || field.isNull {
            report(
                field,
                .invalid(
                    """
                    has to be given, as the peer has connected with a key that the server does not \
                    keep: send that key, true for a new key pair, with which the peer has to connect \
                    from then on, or false for a file without it
                    """
                )
            )
        }
        return .make
    }
}
