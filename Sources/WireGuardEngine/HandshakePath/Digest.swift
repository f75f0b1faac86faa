import WireGuardCrypto

/// 32 bytes of BLAKE2s output; a transcript hash or a public derivation, not a secret.
struct Digest32: Equatable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init(hashing first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) {
        var hash = BLAKE2s()
        hash.update(first)
        hash.update(second)
        withUnsafeMutableBytes(of: &words) { hash.finalize(into: $0) }
    }

    init(hashing text: StaticString) {
        self.init(hashing: text.bytes, UnsafeRawBufferPointer(start: nil, count: 0))
    }

    func withBytes<R: ~Copyable>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        withUnsafeBytes(of: words) { body($0) }
    }

    static func == (a: Digest32, b: Digest32) -> Bool { a.words == b.words }
}

/// 16 bytes: a MAC or a cookie.
package struct Digest16: Equatable {
    static let length = 16

    private var high: UInt64 = 0
    private var low: UInt64 = 0

    init(copying bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == Self.length)
        high = bytes.loadUnaligned(as: UInt64.self)
        low = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    }

    /// §5.4: keyed BLAKE2s with 16 bytes of output.
    init(key: UnsafeRawBufferPointer, _ bytes: UnsafeRawBufferPointer) {
        var mac = BLAKE2s(key: key, digestLength: Self.length)
        mac.update(bytes)
        withUnsafeMutableBytes(of: &self) { mac.finalize(into: $0) }
    }

    func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        withUnsafeBytes(of: self) { body($0) }
    }

    /// Its first eight bytes, as an opaque hash key.
    var prefix: UInt64 { high }

    func write(to bytes: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(bytes).storeBytes(of: self, as: Digest16.self)
    }

    /// Without an early exit: the time it takes must not depend on how many bytes match.
    func equalsInConstantTime(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let other = Digest16(copying: bytes)
        return (high ^ other.high) | (low ^ other.low) == 0
    }
}

extension StaticString {
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
    }
}
