import WireGuardCrypto

/// A WireGuard private key and what the world may know of it.
struct KeyPair: Sendable {
    let privateKey: SecretKey
    let publicKey: PublicKey

    static func random() -> KeyPair {
        let privateKey = X25519.generatePrivateKey(filledBy: fillRandomly)
        return KeyPair(privateKey: privateKey, publicKey: X25519.publicKey(of: privateKey))
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
