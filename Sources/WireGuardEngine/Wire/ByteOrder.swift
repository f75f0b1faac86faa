/// Reads and writes of wire integers at any alignment. Callers have checked the length.
extension UnsafeMutablePointer<UInt8> {
    @inline(__always)
    func little32(at offset: Int) -> UInt32 {
        UInt32(
            littleEndian: UnsafeRawPointer(self + offset).loadUnaligned(as: UInt32.self)
        )
    }

    @inline(__always)
    func little64(at offset: Int) -> UInt64 {
        UInt64(
            littleEndian: UnsafeRawPointer(self + offset).loadUnaligned(as: UInt64.self)
        )
    }

    @inline(__always)
    func big16(at offset: Int) -> UInt16 {
        UInt16(bigEndian: UnsafeRawPointer(self + offset).loadUnaligned(as: UInt16.self))
    }

    @inline(__always)
    func big32(at offset: Int) -> UInt32 {
        UInt32(bigEndian: UnsafeRawPointer(self + offset).loadUnaligned(as: UInt32.self))
    }

    @inline(__always)
    func big64(at offset: Int) -> UInt64 {
        UInt64(bigEndian: UnsafeRawPointer(self + offset).loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    func storeLittle(_ value: UInt32, at offset: Int) {
        UnsafeMutableRawPointer(self + offset)
            .storeBytes(of: value.littleEndian, as: UInt32.self)
    }

    @inline(__always)
    func storeLittle(_ value: UInt64, at offset: Int) {
        UnsafeMutableRawPointer(self + offset)
            .storeBytes(of: value.littleEndian, as: UInt64.self)
    }

    @inline(__always)
    func storeBig(_ value: UInt16, at offset: Int) {
        UnsafeMutableRawPointer(self + offset).storeBytes(of: value.bigEndian, as: UInt16.self)
    }

    @inline(__always)
    func storeBig(_ value: UInt32, at offset: Int) {
        UnsafeMutableRawPointer(self + offset).storeBytes(of: value.bigEndian, as: UInt32.self)
    }

    @inline(__always)
    func storeBig(_ value: UInt64, at offset: Int) {
        UnsafeMutableRawPointer(self + offset).storeBytes(of: value.bigEndian, as: UInt64.self)
    }

    @inline(__always)
    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: self + range.lowerBound, count: range.count)
    }
}
