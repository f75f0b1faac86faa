/// Derives a key from a key and 16 bytes of nonce (draft-irtf-cfrg-xchacha-03, section 2.2).
enum HChaCha20 {
    static func derive(
        key: UnsafeRawBufferPointer,
        nonce: UnsafeRawBufferPointer,
        into subkey: UnsafeMutableRawBufferPointer
    ) {
        precondition(key.count == 32 && nonce.count == 16 && subkey.count == 32)
        // "expand 32-byte k"
        var a = SIMD4<UInt32>(0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574)
        var b = SIMD4<UInt32>(littleEndian: key, at: 0)
        var c = SIMD4<UInt32>(littleEndian: key, at: 16)
        var d = SIMD4<UInt32>(littleEndian: nonce, at: 0)
        for _ in 0..<10 {
            quarterRounds(&a, &b, &c, &d)
            // Rotating the rows turns diagonals into columns, and back.
            b = b.lanesRotatedByOne
            c = c.lanesRotatedByTwo
            d = d.lanesRotatedByThree
            quarterRounds(&a, &b, &c, &d)
            b = b.lanesRotatedByThree
            c = c.lanesRotatedByTwo
            d = d.lanesRotatedByOne
        }
        a.store(littleEndian: subkey, at: 0)
        d.store(littleEndian: subkey, at: 16)
    }

    /// Four quarter rounds at once, one per column (RFC 8439, section 2.1).
    @inline(__always)
    private static func quarterRounds(
        _ a: inout SIMD4<UInt32>,
        _ b: inout SIMD4<UInt32>,
        _ c: inout SIMD4<UInt32>,
        _ d: inout SIMD4<UInt32>
    ) {
        a &+= b
        d = (d ^ a).bitsRotatedLeft(16)
        c &+= d
        b = (b ^ c).bitsRotatedLeft(12)
        a &+= b
        d = (d ^ a).bitsRotatedLeft(8)
        c &+= d
        b = (b ^ c).bitsRotatedLeft(7)
    }
}
