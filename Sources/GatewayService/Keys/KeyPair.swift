package import WireGuardCrypto

/// A WireGuard private key and what the world may know of it.
package struct KeyPair: Sendable {
    package let privateKey: SecretKey
    package let publicKey: PublicKey

    private init(clamped privateKey: SecretKey) {
        self.privateKey = privateKey
        publicKey = X25519.publicKey(of: privateKey)
    }

    /// Of any 32 bytes, as `wg set` takes them.
    init(of secret: SecretKey) {
        self.init(
            clamped: SecretKey { bytes in
                secret.withBytes { bytes.copyMemory(from: $0) }
                X25519.clamp(bytes)
            }
        )
    }

    package static func random() -> KeyPair {
        KeyPair(clamped: X25519.generatePrivateKey(filledBy: fillRandomly))
    }
}

/// From the kernel: Swift's system generator asks by `getrandom` on Linux, which needs no descriptor, and
/// ends the process where it fails.
func fillRandomly(_ bytes: UnsafeMutableRawBufferPointer) {
    var generator = SystemRandomNumberGenerator()
    for index in bytes.indices {
        bytes[index] = generator.next()
    }
}
