package import GatewayDomain
package import WireGuardCrypto

/// A peer with the secrets that were made for it, which nobody gets to see a second time.
package struct CreatedPeer: Sendable {
    package let peer: Peer
    /// Nil when the caller brought its own public key.
    package let privateKey: SecretKey?
    /// Nil when no preshared key was asked for with this request.
    package let presharedKey: SecretKey?
}
