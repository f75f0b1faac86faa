import Crypto
package import GatewayDomain
import GatewayStore
import PeerConfig

/// The config file of a peer as its device reads it.
package struct PolledConfig: Sendable {
    /// Tells apart any two files that differ. It begins with the file's revision, which alone would not do:
    /// the files with and without a route to everything share it, and a restored backup repeats it.
    package let version: String
    package let text: String
}

extension ControlPlane {
    /// The config file behind the token of a config URL. A placeholder stands for the private key, which
    /// the device has; the preshared key is in it.
    ///
    /// - Parameters:
    ///   - isFetch: whether the device gets the file, or has it already.
    ///   - admit: asked before the file is written.
    /// - Throws: `notFound`, also for a peer that is not there any more.
    package func pollPeerConfig(
        behind secret: LinkSecret,
        fullTunnel: Bool,
        isFetch: Bool,
        admit: @Sendable (PeerConfigURLID) throws -> Void
    ) async throws -> PolledConfig {
        let hash = secret.hash
        let candidates = try await store.read { db in
            try PeerConfigURLs.candidates(forHash: hash, db)
        }
        guard let found = candidates.first(where: { KeyHash.isEqual($0.hash, hash) }) else {
            throw ServiceError.notFound
        }
        let url = found.configURL
        try admit(url.id)
        let sources = try await store.read { db in
            try PeerConfigSources(
                url.peerID,
                fullTunnel: fullTunnel,
                in: Scope(organizationID: url.organizationID),
                db
            )
        }
        let text = try sources.tunnel(
            settings: settings,
            masterKey: masterKey,
            damage: store.damage
        ).config(for: .wgQuick)
        if isFetch { await noteFetch(sources) }
        let digest = SHA256.hash(data: Array(text.utf8)).prefix(8)
            .reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return PolledConfig(
            version: "\(sources.revision)-\(String(digest, radix: 16))",
            text: text
        )
    }
}
