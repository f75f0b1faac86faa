/// The AEAD with a 24-byte nonce, long enough to be drawn at random
/// (draft-irtf-cfrg-xchacha-03). WireGuard seals its cookies with it.
public enum XChaCha20Poly1305 {
    public static let nonceLength = 24

    /// Encrypts `count` bytes in place and writes the tag behind them.
    public static func seal(
        _ bytes: UnsafeMutablePointer<UInt8>,
        count: Int,
        key: UnsafeRawBufferPointer,
        nonce: UnsafeRawBufferPointer,
        additional: UnsafeRawBufferPointer
    ) {
        let cipher = cipher(key: key, nonce: nonce)
        cipher.seal(bytes, count: count, counter: counter(in: nonce), additional: additional)
    }

    /// Decrypts in place. `count` includes the tag.
    /// False, with unspecified bytes left behind, when anything was forged.
    public static func open(
        _ bytes: UnsafeMutablePointer<UInt8>,
        count: Int,
        key: UnsafeRawBufferPointer,
        nonce: UnsafeRawBufferPointer,
        additional: UnsafeRawBufferPointer
    ) -> Bool {
        let cipher = cipher(key: key, nonce: nonce)
        return cipher.open(bytes, count: count, counter: counter(in: nonce), additional: additional)
    }

    /// The first 16 bytes of the nonce choose a key of their own.
    private static func cipher(
        key: UnsafeRawBufferPointer,
        nonce: UnsafeRawBufferPointer
    ) -> ChaCha20Poly1305 {
        precondition(nonce.count == nonceLength)
        let subkey = SecretKey {
            HChaCha20.derive(
                key: key,
                nonce: UnsafeRawBufferPointer(rebasing: nonce[..<16]),
                into: $0
            )
        }
        return subkey.withBytes { ChaCha20Poly1305(key: $0) }
    }

    /// The last 8 bytes stand where WireGuard's packets have their counter.
    private static func counter(in nonce: UnsafeRawBufferPointer) -> UInt64 {
        UInt64(littleEndian: nonce.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
    }
}
