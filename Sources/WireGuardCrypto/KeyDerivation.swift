import Glibc

/// HMAC-BLAKE2s and the key derivation built on it (WireGuard paper, section 5.4).
public enum KeyDerivation {
    /// RFC 2104. WireGuard's keys have 32 bytes; a key longer than a block is a mistake here.
    public static func hmac(
        key: UnsafeRawBufferPointer,
        _ parts: UnsafeRawBufferPointer...,
        into digest: UnsafeMutableRawBufferPointer
    ) {
        precondition(key.count <= BLAKE2s.blockLength)
        precondition(digest.count == BLAKE2s.digestLength)
        withUnsafeTemporaryAllocation(byteCount: BLAKE2s.blockLength, alignment: 8) { pad in
            for index in pad.indices { pad[index] = 0x36 ^ (index < key.count ? key[index] : 0) }
            var inner = BLAKE2s()
            inner.update(UnsafeRawBufferPointer(pad))
            for part in parts { inner.update(part) }
            inner.finalize(into: digest)

            for index in pad.indices { pad[index] ^= 0x36 ^ 0x5c }
            var outer = BLAKE2s()
            outer.update(UnsafeRawBufferPointer(pad))
            outer.update(UnsafeRawBufferPointer(digest))
            outer.finalize(into: digest)
            if let start = pad.baseAddress { explicit_bzero(start, pad.count) }
        }
    }

    public static func kdf1(_ chainingKey: SecretKey, _ input: UnsafeRawBufferPointer) -> SecretKey
    {
        let root = extract(chainingKey, input)
        return expand(root, after: nil, number: 1)
    }

    public static func kdf2(
        _ chainingKey: SecretKey,
        _ input: UnsafeRawBufferPointer
    ) -> (SecretKey, SecretKey) {
        let root = extract(chainingKey, input)
        let first = expand(root, after: nil, number: 1)
        let second = expand(root, after: first, number: 2)
        return (first, second)
    }

    public static func kdf3(
        _ chainingKey: SecretKey,
        _ input: UnsafeRawBufferPointer
    ) -> (SecretKey, SecretKey, SecretKey) {
        let root = extract(chainingKey, input)
        let first = expand(root, after: nil, number: 1)
        let second = expand(root, after: first, number: 2)
        let third = expand(root, after: second, number: 3)
        return (first, second, third)
    }

    private static func extract(
        _ chainingKey: SecretKey,
        _ input: UnsafeRawBufferPointer
    ) -> SecretKey {
        SecretKey { root in
            chainingKey.withBytes { hmac(key: $0, input, into: root) }
        }
    }

    /// Each output is bound to the one before it and to its own number.
    private static func expand(
        _ root: SecretKey,
        after previous: SecretKey?,
        number: UInt8
    ) -> SecretKey {
        SecretKey { output in
            root.withBytes { root in
                withUnsafeBytes(of: number) { number in
                    guard let previous else {
                        hmac(key: root, number, into: output)
                        return
                    }
                    previous.withBytes { hmac(key: root, $0, number, into: output) }
                }
            }
        }
    }
}
