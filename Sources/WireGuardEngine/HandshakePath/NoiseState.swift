import WireGuardCrypto

/// The symmetric state of Noise_IKpsk2, §5.4: a chaining key and a hash of everything said so far.
/// A copy shares nothing that changes, so a failed message leaves no trace.
struct NoiseState {
    static let construction: StaticString = "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"
    static let identifier: StaticString = "WireGuard v1 zx2c4 Jason@zx2c4.com"

    private(set) var chainingKey: SecretKey
    private var hash: Digest32

    /// Both sides start from the responder's static key.
    init(responder: PublicKey) {
        let start = Digest32(hashing: Self.construction)
        chainingKey = start.withBytes { SecretKey($0) }
        hash = start.withBytes { Digest32(hashing: $0, Self.identifier.bytes) }
        responder.withBytes { mixHash($0) }
    }

    mutating func mixHash(_ bytes: UnsafeRawBufferPointer) {
        hash = hash.withBytes { Digest32(hashing: $0, bytes) }
    }

    mutating func mixKey(_ input: UnsafeRawBufferPointer) {
        chainingKey = KeyDerivation.kdf1(chainingKey, input)
    }

    /// A public ephemeral key counts for both the key and the hash, because of the preshared key.
    mutating func mixEphemeral(_ key: PublicKey) {
        key.withBytes {
            mixKey($0)
            mixHash($0)
        }
    }

    /// Gives the key that seals the next field.
    mutating func mixKeyForSealing(_ input: SecretKey) -> SecretKey {
        let (chaining, key) = input.withBytes { KeyDerivation.kdf2(chainingKey, $0) }
        chainingKey = chaining
        return key
    }

    /// The preshared key, all zero when there is none: §5.4.3.
    mutating func mixPresharedKey(_ presharedKey: SecretKey?) -> SecretKey {
        let (chaining, temporary, key) =
            presharedKey?.withBytes { KeyDerivation.kdf3(chainingKey, $0) }
            ?? withUnsafeBytes(of: SIMD32<UInt8>(repeating: 0)) {
                KeyDerivation.kdf3(chainingKey, $0)
            }
        chainingKey = chaining
        temporary.withBytes { mixHash($0) }
        return key
    }

    /// Seals `count` bytes in place, tag behind them, and hashes what was sealed.
    mutating func seal(_ bytes: UnsafeMutablePointer<UInt8>, count: Int, key: SecretKey) {
        let aead = key.withBytes { ChaCha20Poly1305(key: $0) }
        hash.withBytes { aead.seal(bytes, count: count, counter: 0, additional: $0) }
        mixHash(bytes.bytes(0..<count + ChaCha20Poly1305.tagLength))
    }

    /// Opens a sealed field into memory of its own and reads it; the message itself stays as it is, since
    /// the hash needs its sealed form. Nil when forged.
    mutating func openField<R>(
        _ field: MessageField,
        key: SecretKey,
        _ read: (UnsafeMutablePointer<UInt8>) -> R
    ) -> R? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: field.count) { plain in
            guard let start = plain.baseAddress, open(field.bytes, into: start, key: key) else {
                return nil
            }
            return read(start)
        }
    }

    private mutating func open(
        _ field: UnsafeRawBufferPointer,
        into output: UnsafeMutablePointer<UInt8>,
        key: SecretKey
    ) -> Bool {
        let aead = key.withBytes { ChaCha20Poly1305(key: $0) }
        UnsafeMutableRawBufferPointer(start: output, count: field.count).copyMemory(from: field)
        let isAuthentic = hash.withBytes {
            aead.open(output, count: field.count, counter: 0, additional: $0)
        }
        if isAuthentic { mixHash(field) }
        return isAuthentic
    }

    /// §5.4.5: the initiator sends with the first and receives with the second.
    func transportKeys() -> (initiator: SecretKey, responder: SecretKey) {
        KeyDerivation.kdf2(chainingKey, UnsafeRawBufferPointer(start: nil, count: 0))
    }
}
