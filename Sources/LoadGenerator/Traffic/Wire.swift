/// Integers at any place of a packet. Callers have checked the length.
extension UnsafeMutablePointer<UInt8> {
    @inline(__always)
    func load32(at offset: Int) -> UInt32 {
        UnsafeRawPointer(self + offset).loadUnaligned(as: UInt32.self)
    }

    @inline(__always)
    func load64(at offset: Int) -> UInt64 {
        UnsafeRawPointer(self + offset).loadUnaligned(as: UInt64.self)
    }

    @inline(__always)
    func loadBig16(at offset: Int) -> UInt16 {
        UInt16(bigEndian: UnsafeRawPointer(self + offset).loadUnaligned(as: UInt16.self))
    }

    @inline(__always)
    func store<Value: BitwiseCopyable>(_ value: Value, at offset: Int) {
        UnsafeMutableRawPointer(self + offset).storeBytes(of: value, as: Value.self)
    }
}

/// A WireGuard transport message, §5.4.6 of the paper: header, sealed payload, tag.
enum TransportMessage {
    static let type: UInt32 = 4
    static let headerLength = 16
    static let tagLength = 16
    /// Around an inner packet.
    static let overhead = headerLength + tagLength

    @inline(__always)
    static func writeHeader(
        _ message: UnsafeMutablePointer<UInt8>,
        receiver: UInt32,
        counter: UInt64
    ) {
        message.store(type.littleEndian, at: 0)
        message.store(receiver.littleEndian, at: 4)
        message.store(counter.littleEndian, at: 8)
    }

    @inline(__always)
    static func receiver(of message: UnsafeMutablePointer<UInt8>) -> UInt32 {
        UInt32(littleEndian: message.load32(at: 4))
    }

    @inline(__always)
    static func counter(of message: UnsafeMutablePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: message.load64(at: 8))
    }

    /// The length of a payload with the padding that WireGuard gives it: up to a multiple of 16,
    /// but not above the usual MTU of a tunnel.
    static func paddedLength(_ length: Int) -> Int {
        max(min((length + 15) & ~15, 1420), length)
    }
}
