/// RFC 1071: the sum of 16-bit words, of which parts may be added up beforehand.
@frozen
public struct InternetChecksum {
    /// Of words as the machine reads them; only the result is put into the order of the network. That comes to
    /// the same (RFC 1071 §2 (B)), and so does a sum of words of 32 bits.
    @usableFromInline var total: UInt64 = 0

    @inlinable
    public init() {}

    /// The bytes start at an even place; an odd last one counts as if a zero followed.
    @inlinable
    public mutating func add(_ bytes: UnsafePointer<UInt8>, count: Int) {
        let raw = UnsafeRawPointer(bytes)
        var sum = total
        var offset = 0
        while offset &+ 4 <= count {
            sum &+= UInt64(raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            offset &+= 4
        }
        if offset &+ 2 <= count {
            sum &+= UInt64(raw.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
            offset &+= 2
        }
        if offset < count { sum &+= UInt64((UInt16(bytes[offset]) << 8).bigEndian) }
        total = sum
    }

    @inlinable
    @inline(__always)
    public mutating func add(_ part: InternetChecksum) { total &+= part.total }

    @inlinable
    @inline(__always)
    public mutating func add(_ word: UInt16) { total &+= UInt64(word.bigEndian) }

    /// The checksum as the header has it; zero over bytes that hold their own, right one.
    @inlinable
    public var value: UInt16 {
        var sum = total
        while sum > 0xffff { sum = (sum & 0xffff) &+ (sum >> 16) }
        return ~UInt16(bigEndian: UInt16(truncatingIfNeeded: sum))
    }

    /// The sum itself, as it stands in a header whose checksum is left to another.
    @inlinable
    public var uncomplemented: UInt16 { ~value }
}
