/// The places of IPv4, IPv6, TCP and UDP that cutting and joining read and write. Callers have checked the
/// length.
enum PacketFields {
    static let tcp: UInt8 = 6
    static let udp: UInt8 = 17
    static let v4HeaderLength = 20
    static let v6HeaderLength = 40
    static let udpHeaderLength = 8
    static let minimumTCPHeaderLength = 20
    /// From the beginning of the transport header.
    static let tcpChecksum = 16
    static let udpChecksum = 6

    /// The sum of RFC 9293 §3.1 and RFC 8200 §8.1 for a transport header and payload of `length` bytes.
    @inline(__always)
    static func pseudoHeader(
        of packet: UnsafePointer<UInt8>,
        isIPv6: Bool,
        transportProtocol: UInt8,
        length: Int
    ) -> InternetChecksum {
        var sum = InternetChecksum()
        if isIPv6 {
            sum.add(packet + 8, count: 32)
        } else {
            sum.add(packet + 12, count: 8)
        }
        sum.add(UInt16(transportProtocol))
        sum.add(UInt16(truncatingIfNeeded: length >> 16))
        sum.add(UInt16(truncatingIfNeeded: length))
        return sum
    }

    /// Writes the length into the IP header, and the header's checksum.
    @inline(__always)
    static func setLength(_ length: Int, of packet: UnsafeMutablePointer<UInt8>, isIPv6: Bool) {
        guard !isIPv6 else {
            packet.storeBig16(UInt16(truncatingIfNeeded: length - v6HeaderLength), at: 4)
            return
        }
        packet.storeBig16(UInt16(truncatingIfNeeded: length), at: 2)
        packet.storeBig16(0, at: 10)
        var sum = InternetChecksum()
        sum.add(packet, count: Int(packet[0] & 0x0f) * 4)
        packet.storeBig16(sum.value, at: 10)
    }
}

enum TCPFlag {
    static let finish: UInt8 = 0x01
    static let push: UInt8 = 0x08
    static let acknowledge: UInt8 = 0x10
    static let windowReduced: UInt8 = 0x80
}

extension UnsafePointer<UInt8> {
    @inline(__always)
    func loadBig16(at offset: Int) -> UInt16 {
        UInt16(bigEndian: UnsafeRawPointer(self + offset).loadUnaligned(as: UInt16.self))
    }

    @inline(__always)
    func loadBig32(at offset: Int) -> UInt32 {
        UInt32(bigEndian: UnsafeRawPointer(self + offset).loadUnaligned(as: UInt32.self))
    }

    /// For comparisons: in the machine's own order.
    @inline(__always)
    func load32(at offset: Int) -> UInt32 {
        UnsafeRawPointer(self + offset).loadUnaligned(as: UInt32.self)
    }

    @inline(__always)
    func load64(at offset: Int) -> UInt64 {
        UnsafeRawPointer(self + offset).loadUnaligned(as: UInt64.self)
    }
}

extension UnsafeMutablePointer<UInt8> {
    @inline(__always)
    func storeBig16(_ value: UInt16, at offset: Int) {
        UnsafeMutableRawPointer(self + offset).storeBytes(of: value.bigEndian, as: UInt16.self)
    }

    @inline(__always)
    func storeBig32(_ value: UInt32, at offset: Int) {
        UnsafeMutableRawPointer(self + offset).storeBytes(of: value.bigEndian, as: UInt32.self)
    }
}
