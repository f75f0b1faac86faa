import Glibc

/// HMAC-BLAKE2s and the key derivation built on it (WireGuard paper, section 5.4).
public enum KeyDerivation {
    /// RFC 2104. WireGuard's keys have 32 bytes; a key longer than a block is a mistake here.
    public static func hmac(
        key: UnsafeRawBufferPointer,
        _ first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
        into digest: UnsafeMutableRawBufferPointer
    ) {
        KeyedHash(key: key).hash(first, second, into: digest)
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

    /// The root of all outputs, ready to key their hashes.
    private static func extract(
        _ chainingKey: SecretKey,
        _ input: UnsafeRawBufferPointer
    ) -> KeyedHash {
        withUnsafeTemporaryAllocation(byteCount: BLAKE2s.digestLength, alignment: 8) { root in
            chainingKey.withBytes { hmac(key: $0, input, into: root) }
            var keyed = KeyedHash(key: UnsafeRawBufferPointer(root))
            keyed.compressFullBlock()
            if let start = root.baseAddress { explicit_bzero(start, root.count) }
            return keyed
        }
    }

    /// Each output is bound to the one before it and to its own number.
    private static func expand(
        _ root: KeyedHash,
        after previous: SecretKey?,
        number: UInt8
    ) -> SecretKey {
        SecretKey { output in
            withUnsafeBytes(of: number) { number in
                guard let previous else {
                    root.hash(number, into: output)
                    return
                }
                previous.withBytes { root.hash($0, number, into: output) }
            }
        }
    }
}

/// HMAC under one key: both hashes, started with the key's pads.
private struct KeyedHash {
    private var inner = BLAKE2s()
    private var outer = BLAKE2s()

    init(key: UnsafeRawBufferPointer) {
        precondition(key.count <= BLAKE2s.blockLength)
        withUnsafeTemporaryAllocation(byteCount: BLAKE2s.blockLength, alignment: 8) { pad in
            for index in pad.indices { pad[index] = 0x36 ^ (index < key.count ? key[index] : 0) }
            inner.update(UnsafeRawBufferPointer(pad))
            for index in pad.indices { pad[index] ^= 0x36 ^ 0x5c }
            outer.update(UnsafeRawBufferPointer(pad))
            if let start = pad.baseAddress { explicit_bzero(start, pad.count) }
        }
    }

    /// Hashes the pads now, for a key that is used several times and never on nothing.
    mutating func compressFullBlock() {
        inner.compressFullBlock()
        outer.compressFullBlock()
    }

    func hash(
        _ first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
        into digest: UnsafeMutableRawBufferPointer
    ) {
        precondition(digest.count == BLAKE2s.digestLength)
        var inner = inner
        inner.update(first)
        inner.update(second)
        inner.finalize(into: digest)
        var outer = outer
        outer.update(UnsafeRawBufferPointer(digest))
        outer.finalize(into: digest)
    }
}
