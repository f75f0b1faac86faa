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

/// From the kernel: Swift's system generator is a cryptographic one on every platform we run on.
func fillRandomly(_ bytes: UnsafeMutableRawBufferPointer) {
    var generator = SystemRandomNumberGenerator()
    for index in bytes.indices {
        bytes[index] = generator.next()
    }
}
