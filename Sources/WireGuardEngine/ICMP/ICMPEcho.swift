import NetAddress

/// The echo requests that gateways measure links with, over IPv4. Identifier and sequence number are the halves of one
/// number.
enum ICMPEcho {
    static let length = 20 + ICMP.headerLength

    static func write(
        to packet: UnsafeMutablePointer<UInt8>,
        from source: IPv4Address,
        to destination: IPv4Address,
        number: UInt32
    ) {
        packet.update(repeating: 0, count: length)
        packet[0] = 0x45
        packet.storeBig(UInt16(length), at: 2)
        packet[8] = ICMP.hopLimit
        packet[9] = ICMP.protocolV4
        packet.storeBig(source.bits, at: 12)
        packet.storeBig(destination.bits, at: 16)
        packet.storeBig(Checksum(packet.bytes(0..<20)).folded, at: 10)
        packet[20] = 8
        packet.storeBig(number, at: 24)
        packet.storeBig(Checksum(packet.bytes(20..<length)).folded, at: 22)
    }

    /// The number of an answer to one; nil for every other packet.
    static func answer(in packet: UnsafeMutablePointer<UInt8>, _ inner: InnerPacket) -> UInt32? {
        guard !inner.isIPv6, inner.transportProtocol == ICMP.protocolV4,
            inner.length == inner.headerLength + ICMP.headerLength
        else { return nil }
        let message = packet + inner.headerLength
        return message[0] == 0 && message[1] == 0 ? message.big32(at: 4) : nil
    }
}
