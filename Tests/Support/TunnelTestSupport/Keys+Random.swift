package import WireGuardCrypto

extension SecretKey {
    /// The clamped private key of a test's own.
    package static func random() -> SecretKey {
        X25519.generatePrivateKey { bytes in
            for index in bytes.indices { bytes[index] = .random(in: 0...255) }
        }
    }
}

extension PublicKey {
    package static func random() -> PublicKey { X25519.publicKey(of: .random()) }
}
