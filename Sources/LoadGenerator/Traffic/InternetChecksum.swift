/// RFC 1071: the sum of 16-bit words, of which parts may be added up beforehand.
struct InternetChecksum {
    private var total: UInt64 = 0

    /// The bytes start at an even place; an odd last one counts as if a zero followed.
    @inline(__always)
    mutating func add(_ bytes: UnsafeMutablePointer<UInt8>, count: Int) {
        var offset = 0
        while offset + 1 < count {
            total &+= UInt64(bytes.loadBig16(at: offset))
            offset += 2
        }
        if offset < count { total &+= UInt64(bytes[offset]) << 8 }
    }

    @inline(__always)
    mutating func add(_ part: InternetChecksum) { total &+= part.total }

    @inline(__always)
    mutating func add(_ word: UInt16) { total &+= UInt64(word) }

    /// The checksum as the header has it.
    var value: UInt16 {
        var sum = total
        while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
        return ~UInt16(sum)
    }
}
