/// ChaCha20 keeps its state as a square of 32-bit words, one vector per row.
extension SIMD4<UInt32> {
    @inline(__always)
    func bitsRotatedLeft(_ count: UInt32) -> Self {
        let count = Self(repeating: count)
        return (self &<< count) | (self &>> (32 &- count))
    }

    @inline(__always)
    var lanesRotatedByOne: Self {
        Self(y, z, w, x)
    }

    @inline(__always)
    var lanesRotatedByTwo: Self {
        Self(z, w, x, y)
    }

    @inline(__always)
    var lanesRotatedByThree: Self {
        Self(w, x, y, z)
    }

    /// Sixteen bytes as four little-endian words.
    @inline(__always)
    init(littleEndian bytes: UnsafeRawBufferPointer, at offset: Int) {
        self.init(
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)),
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)),
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt32.self)),
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
        )
    }

    @inline(__always)
    func store(littleEndian bytes: UnsafeMutableRawBufferPointer, at offset: Int) {
        for lane in 0..<4 {
            bytes.storeBytes(
                of: self[lane].littleEndian,
                toByteOffset: offset + 4 * lane,
                as: UInt32.self
            )
        }
    }
}
