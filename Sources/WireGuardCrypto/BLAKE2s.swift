/// BLAKE2s (RFC 7693), with or without a key.
public struct BLAKE2s: Sendable {
    public static let blockLength = 64
    public static let digestLength = 32

    private let digestLength: Int
    /// The eight chaining words, in two rows.
    private var upper: SIMD4<UInt32>
    private var lower: SIMD4<UInt32>
    /// Bytes hashed so far, those in `block` not counted.
    private var total: UInt64 = 0
    private var block: [64 of UInt8] = .init(repeating: 0)
    private var buffered = 0

    public init(digestLength: Int = Self.digestLength) {
        self.init(keyLength: 0, digestLength: digestLength)
    }

    /// The key is the first block, filled up with zeros.
    public init(key: UnsafeRawBufferPointer, digestLength: Int = Self.digestLength) {
        precondition((1...32).contains(key.count))
        self.init(keyLength: key.count, digestLength: digestLength)
        withUnsafeMutableBytes(of: &block) { $0.copyMemory(from: key) }
        buffered = Self.blockLength
    }

    private init(keyLength: Int, digestLength: Int) {
        precondition((1...32).contains(digestLength))
        self.digestLength = digestLength
        upper = Self.upperIV
        lower = Self.lowerIV
        // Section 2.5: fanout and depth are 1.
        upper.x ^= 0x0101_0000 ^ UInt32(keyLength) << 8 ^ UInt32(digestLength)
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // A full block waits until more comes: the last one is compressed in `finalize`.
            if buffered == Self.blockLength {
                compressBlock(isLast: false)
                buffered = 0
            }
            let taken = rest.prefix(Self.blockLength - buffered)
            withUnsafeMutableBytes(of: &block) {
                UnsafeMutableRawBufferPointer(rebasing: $0[buffered...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: taken))
            }
            buffered += taken.count
            rest = rest.dropFirst(taken.count)
        }
    }

    public mutating func finalize(into digest: UnsafeMutableRawBufferPointer) {
        precondition(digest.count == digestLength)
        withUnsafeMutableBytes(of: &block) { block in
            for index in buffered..<Self.blockLength { block[index] = 0 }
        }
        compressBlock(isLast: true)
        var words = (upper, lower)
        withUnsafeMutableBytes(of: &words) { bytes in
            upper.store(littleEndian: bytes, at: 0)
            lower.store(littleEndian: bytes, at: 16)
            digest.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<digestLength]))
        }
    }

    /// Section 3.2, the function F.
    private mutating func compressBlock(isLast: Bool) {
        total += UInt64(buffered)
        var a = upper
        var b = lower
        var c = Self.upperIV
        var d = Self.lowerIV
        d.x ^= UInt32(truncatingIfNeeded: total)
        d.y ^= UInt32(truncatingIfNeeded: total >> 32)
        if isLast { d.z = ~d.z }
        withUnsafeBytes(of: block) { bytes in
            let message = Message(bytes: bytes)
            for round in Self.schedule.indices {
                let order = Self.schedule[round]
                Self.mix(&a, &b, &c, &d, message.words(order, 0), message.words(order, 1))
                // Rotating the rows turns diagonals into columns, and back.
                b = b.lanesRotatedByOne
                c = c.lanesRotatedByTwo
                d = d.lanesRotatedByThree
                Self.mix(&a, &b, &c, &d, message.words(order, 8), message.words(order, 9))
                b = b.lanesRotatedByThree
                c = c.lanesRotatedByTwo
                d = d.lanesRotatedByOne
            }
        }
        upper ^= a ^ c
        lower ^= b ^ d
    }

    /// Section 3.1, the function G on all four columns.
    @inline(__always)
    private static func mix(
        _ a: inout SIMD4<UInt32>,
        _ b: inout SIMD4<UInt32>,
        _ c: inout SIMD4<UInt32>,
        _ d: inout SIMD4<UInt32>,
        _ x: SIMD4<UInt32>,
        _ y: SIMD4<UInt32>
    ) {
        a = a &+ b &+ x
        d = (d ^ a).bitsRotatedLeft(16)
        c &+= d
        b = (b ^ c).bitsRotatedLeft(20)
        a = a &+ b &+ y
        d = (d ^ a).bitsRotatedLeft(24)
        c &+= d
        b = (b ^ c).bitsRotatedLeft(25)
    }

    private struct Message {
        let bytes: UnsafeRawBufferPointer

        /// Every second word of the schedule row from `first` on: one for each column.
        @inline(__always)
        func words(_ order: UInt64, _ first: UInt64) -> SIMD4<UInt32> {
            SIMD4(
                word(order, first),
                word(order, first &+ 2),
                word(order, first &+ 4),
                word(order, first &+ 6)
            )
        }

        @inline(__always)
        private func word(_ order: UInt64, _ position: UInt64) -> UInt32 {
            let index = Int(truncatingIfNeeded: order &>> (60 &- 4 &* position) & 15)
            return UInt32(
                littleEndian: bytes.loadUnaligned(fromByteOffset: 4 &* index, as: UInt32.self)
            )
        }
    }

    private static let upperIV = SIMD4<UInt32>(0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a)
    private static let lowerIV = SIMD4<UInt32>(0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)

    /// Section 2.7, the table SIGMA: a row per round, a hexadecimal digit per message word.
    private static let schedule: [10 of UInt64] = [
        0x0123_4567_89ab_cdef,
        0xea48_9fd6_1c02_b753,
        0xb8c0_52fd_ae36_7194,
        0x7931_dcbe_265a_40f8,
        0x9057_24af_e1bc_683d,
        0x2c6a_0b83_4d75_fe19,
        0xc51f_ed4a_0763_928b,
        0xdb7e_c139_50f4_862a,
        0x6fe9_b308_c2d7_14a5,
        0xa284_7615_fb9e_3cd0,
    ]
}
