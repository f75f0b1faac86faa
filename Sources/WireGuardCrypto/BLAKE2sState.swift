/// The eight chaining words of BLAKE2s and how a block changes them (RFC 7693, section 3).
///
/// The rounds are written out with their permutations, so that the compiler sees constant offsets
/// into the block: looking them up in a table costs more than the arithmetic.
struct BLAKE2sState {
    private typealias Words = (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)

    private var h = Self.initial

    /// The first parameter word; the others are zero.
    init(parameters: UInt32) {
        h.0 ^= parameters
    }

    /// The function F of section 3.2. `total` counts the bytes hashed, this block's included.
    mutating func compress(_ block: UnsafeRawBufferPointer, total: UInt64, isLast: Bool) {
        precondition(block.count == BLAKE2s.blockLength)
        let m = Message(bytes: block)
        let iv = Self.initial
        var v = Square(
            a: (h.0, h.1, h.2, h.3),
            b: (h.4, h.5, h.6, h.7),
            c: (iv.0, iv.1, iv.2, iv.3),
            d: (
                iv.4 ^ UInt32(truncatingIfNeeded: total),
                iv.5 ^ UInt32(truncatingIfNeeded: total >> 32),
                isLast ? ~iv.6 : iv.6,
                iv.7
            )
        )
        // Section 2.7, the table SIGMA: a row per round, a hexadecimal digit per word.
        v.round(m, 0x0123_4567_89ab_cdef)
        v.round(m, 0xea48_9fd6_1c02_b753)
        v.round(m, 0xb8c0_52fd_ae36_7194)
        v.round(m, 0x7931_dcbe_265a_40f8)
        v.round(m, 0x9057_24af_e1bc_683d)
        v.round(m, 0x2c6a_0b83_4d75_fe19)
        v.round(m, 0xc51f_ed4a_0763_928b)
        v.round(m, 0xdb7e_c139_50f4_862a)
        v.round(m, 0x6fe9_b308_c2d7_14a5)
        v.round(m, 0xa284_7615_fb9e_3cd0)
        h.0 ^= v.a.0 ^ v.c.0
        h.1 ^= v.a.1 ^ v.c.1
        h.2 ^= v.a.2 ^ v.c.2
        h.3 ^= v.a.3 ^ v.c.3
        h.4 ^= v.b.0 ^ v.d.0
        h.5 ^= v.b.1 ^ v.d.1
        h.6 ^= v.b.2 ^ v.d.2
        h.7 ^= v.b.3 ^ v.d.3
    }

    /// As many of the words' bytes as there is room for.
    func store(into digest: UnsafeMutableRawBufferPointer) {
        let words = (
            h.0.littleEndian, h.1.littleEndian, h.2.littleEndian, h.3.littleEndian,
            h.4.littleEndian, h.5.littleEndian, h.6.littleEndian, h.7.littleEndian
        )
        withUnsafeBytes(of: words) {
            digest.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<digest.count]))
        }
    }

    private static var initial: Words {
        (
            0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
            0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19
        )
    }
}

/// A block as sixteen little-endian words.
private struct Message {
    let bytes: UnsafeRawBufferPointer

    /// The word that the digit of `order` at this position names.
    @inline(__always)
    subscript(_ order: UInt64, _ position: UInt64) -> UInt32 {
        let index = Int(truncatingIfNeeded: (order &>> (60 &- 4 &* position)) & 15)
        return UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 4 &* index, as: UInt32.self)
        )
    }
}

/// The sixteen working words, in four rows.
private struct Square {
    typealias Row = (UInt32, UInt32, UInt32, UInt32)

    var a: Row
    var b: Row
    var c: Row
    var d: Row

    /// Mixes the columns and then the diagonals.
    @inline(__always)
    mutating func round(_ m: Message, _ order: UInt64) {
        Self.mix(&a.0, &b.0, &c.0, &d.0, m[order, 0], m[order, 1])
        Self.mix(&a.1, &b.1, &c.1, &d.1, m[order, 2], m[order, 3])
        Self.mix(&a.2, &b.2, &c.2, &d.2, m[order, 4], m[order, 5])
        Self.mix(&a.3, &b.3, &c.3, &d.3, m[order, 6], m[order, 7])
        Self.mix(&a.0, &b.1, &c.2, &d.3, m[order, 8], m[order, 9])
        Self.mix(&a.1, &b.2, &c.3, &d.0, m[order, 10], m[order, 11])
        Self.mix(&a.2, &b.3, &c.0, &d.1, m[order, 12], m[order, 13])
        Self.mix(&a.3, &b.0, &c.1, &d.2, m[order, 14], m[order, 15])
    }

    /// The function G of section 3.1.
    @inline(__always)
    private static func mix(
        _ a: inout UInt32,
        _ b: inout UInt32,
        _ c: inout UInt32,
        _ d: inout UInt32,
        _ x: UInt32,
        _ y: UInt32
    ) {
        a = a &+ b &+ x
        d = rotatedRight(d ^ a, 16)
        c &+= d
        b = rotatedRight(b ^ c, 12)
        a = a &+ b &+ y
        d = rotatedRight(d ^ a, 8)
        c &+= d
        b = rotatedRight(b ^ c, 7)
    }

    @inline(__always)
    private static func rotatedRight(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word &>> count | word &<< (32 &- count)
    }
}
