/// A zlib stream (RFC 1950) of one deflate block with the fixed codes (RFC 1951, 3.2.6). It compresses
/// the one thing that an image of squares is full of: a row that is followed by copies of itself.
struct ZlibStream {
    private static let endOfBlock = 256
    private static let lengthsOfCopies = 3...258

    // A window of 32 KiB, no dictionary, and the check bits that make the two a multiple of 31.
    private var bytes: [UInt8] = [0x78, 0x01]
    private var buffer: UInt32 = 0
    private var bitCount = 0
    /// The two sums of Adler-32 (RFC 1950, section 9).
    private var sums: (UInt32, UInt32) = (1, 0)

    init() {
        // The last block, with the fixed codes.
        write(0b1, bits: 1)
        write(0b01, bits: 2)
    }

    /// - Parameter row: of 3 bytes at least, so that it can be copied.
    mutating func append(_ row: [UInt8], times: Int) {
        for byte in row { writeSymbol(Int(byte)) }
        var rest = row.count * (times - 1)
        while rest > 0 {
            // What remains must not be too short for another copy.
            let most = Self.lengthsOfCopies.upperBound
            let length = rest <= most ? rest : min(most, rest - Self.lengthsOfCopies.lowerBound)
            writeCopy(length: length, distance: row.count)
            rest -= length
        }
        for _ in 0..<times { check(row) }
    }

    mutating func finish() -> [UInt8] {
        writeSymbol(Self.endOfBlock)
        if bitCount > 0 { write(0, bits: 8 - bitCount) }
        return bytes + (sums.1 << 16 | sums.0).bigEndianBytes
    }

    private mutating func writeCopy(length: Int, distance: Int) {
        if length == Self.lengthsOfCopies.upperBound {
            // The longest has a code of its own.
            writeSymbol(285)
        } else {
            let code = Code(length - 3, codesPerBit: 4)
            writeSymbol(257 + code.number)
            write(UInt32(code.extra), bits: code.extraBits)
        }
        let code = Code(distance - 1, codesPerBit: 2)
        writeHuffman(UInt32(code.number), bits: 5)
        write(UInt32(code.extra), bits: code.extraBits)
    }

    /// How lengths and distances are coded (RFC 1951, 3.2.5): the leading bits of the value choose a code,
    /// `codesPerBit` of them for each length in bits, and the bits behind them follow as they are.
    private struct Code {
        let number: Int
        let extraBits: Int
        let extra: Int

        init(_ value: Int, codesPerBit: Int) {
            extraBits = max(
                0,
                value.bitWidth - value.leadingZeroBitCount - 1 - codesPerBit.trailingZeroBitCount
            )
            number = extraBits * codesPerBit + (value >> extraBits)
            extra = value & ((1 << extraBits) - 1)
        }
    }

    private mutating func check(_ row: [UInt8]) {
        for byte in row {
            sums.0 = (sums.0 + UInt32(byte)) % 65_521
            sums.1 = (sums.1 + sums.0) % 65_521
        }
    }

    private mutating func writeSymbol(_ symbol: Int) {
        switch symbol {
        case ..<144: writeHuffman(UInt32(0x30 + symbol), bits: 8)
        case ..<256: writeHuffman(UInt32(0x190 + symbol - 144), bits: 9)
        case ..<280: writeHuffman(UInt32(symbol - 256), bits: 7)
        default: writeHuffman(UInt32(0xC0 + symbol - 280), bits: 8)
        }
    }

    /// Codes begin with their highest bit; all else begins with the lowest.
    private mutating func writeHuffman(_ code: UInt32, bits: Int) {
        for bit in (0..<bits).reversed() { write(code >> UInt32(bit) & 1, bits: 1) }
    }

    private mutating func write(_ value: UInt32, bits: Int) {
        buffer |= value << UInt32(bitCount)
        bitCount += bits
        while bitCount >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: buffer))
            buffer >>= 8
            bitCount -= 8
        }
    }
}
