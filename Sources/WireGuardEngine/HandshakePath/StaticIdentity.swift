package import WireGuardCrypto

/// A public key and the keys derived from it for the MACs and cookies of messages to it, §5.4.4 and
/// §5.4.7.
package struct PublicIdentity {
    package let publicKey: PublicKey
    let mac1Key: Digest32
    let cookieKey: Digest32

    package init(_ publicKey: PublicKey) {
        self.publicKey = publicKey
        mac1Key = publicKey.withBytes { Digest32(hashing: StaticString("mac1----").bytes, $0) }
        cookieKey = publicKey.withBytes { Digest32(hashing: StaticString("cookie--").bytes, $0) }
    }
}

/// A gateway's own key pair and what is derived from it once.
package struct StaticIdentity {
    package let privateKey: SecretKey
    package let publicKey: PublicKey
    package let publicIdentity: PublicIdentity
    /// The handshake state that every initiation to us starts from.
    let noise: NoiseState

    package init(privateKey: SecretKey) {
        self.privateKey = privateKey
        publicKey = X25519.publicKey(of: privateKey)
        publicIdentity = PublicIdentity(publicKey)
        noise = NoiseState(responder: publicKey)
    }
}
