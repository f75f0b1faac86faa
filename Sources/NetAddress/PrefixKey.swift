/// An address as a hash table key.
@usableFromInline
protocol PrefixKey: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {
    /// A fixed mixing function whose upper bits are the good ones. No per-process seed: a table's
    /// layout, and with it its speed, is the same in every run.
    var mixed: UInt64 { get }
}

extension UInt32: PrefixKey {
    @inlinable
    var mixed: UInt64 {
        // Knuth's multiplicative hashing with 2^64 divided by the golden ratio.
        UInt64(self) &* 0x9e37_79b9_7f4a_7c15
    }
}

extension UInt128: PrefixKey {
    @inlinable
    var mixed: UInt64 {
        let high = UInt64(truncatingIfNeeded: self >> 64)
        let low = UInt64(truncatingIfNeeded: self)
        let folded = (high &* 0x9e37_79b9_7f4a_7c15) ^ low
        // The second round carries the low bits up and the high bits down.
        return (folded ^ folded >> 32) &* 0xd6e8_feb8_6659_fd93
    }
}
