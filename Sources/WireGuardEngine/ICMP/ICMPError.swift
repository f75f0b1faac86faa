import NetAddress

/// The error that a router owes the sender of a packet it did not forward.
struct ICMPError {
    private let v4: (type: UInt8, code: UInt8)
    private let v6: (type: UInt8, code: UInt8)
    /// The second word of the ICMP header: the MTU where the type has one.
    private let word: UInt32

    /// Nil for drops that are answered with silence.
    init?(_ reason: DropReason, about packet: InnerPacket, mtu: Int) {
        switch reason {
        case .hopLimitExceeded:
            v4 = (11, 0)
            v6 = (3, 0)
        case .tooBig:
            v4 = (3, 4)
            v6 = (2, 0)
        case .noRoute:
            v4 = (3, 1)
            v6 = (1, 0)
        case .noEndpoint:
            v4 = (3, 1)
            v6 = (1, 3)
        case .linkDown, .transitNotAllowed:
            // A region cannot be reached: that is a state of the routes and not a decision, so it is code 0.
            v4 = (3, 0)
            v6 = (1, 0)
        case .egressNotAllowed:
            // RFC 1812 §5.2.7.1 and RFC 4443 §3.1: by an administrator.
            v4 = (3, 13)
            v6 = (1, 1)
        case .notForwarded where [6, 17].contains(packet.transportProtocol):
            v4 = (3, 3)
            v6 = (1, 4)
        case .notForwarded where !packet.isIPv6 && packet.transportProtocol != ICMP.protocolV4:
            v4 = (3, 2)
            v6 = (1, 4)
        default:
            return nil
        }
        word = reason == .tooBig ? UInt32(clamping: packet.limit(ofMTU: mtu)) : 0
    }

    /// Errors quote as much of the packet as fits into what every host must take.
    private static let maximumLengthV4 = 576
    private static let maximumLengthV6 = 1280

    static func length(quoting count: Int, isIPv6: Bool) -> Int {
        isIPv6
            ? min(40 + ICMP.headerLength + count, maximumLengthV6)
            : min(20 + ICMP.headerLength + count, maximumLengthV4)
    }

    /// Writes the IPv4 packet of `length` bytes from `source` to the quoted packet's sender.
    func write(
        to packet: UnsafeMutablePointer<UInt8>,
        length: Int,
        from source: IPv4Address,
        quoting quoted: UnsafeRawBufferPointer
    ) {
        packet.update(repeating: 0, count: 28)
        packet[0] = 0x45
        // Internetwork control, as Linux marks its errors.
        packet[1] = 0xc0
        packet.storeBig(UInt16(length), at: 2)
        packet[8] = ICMP.hopLimit
        packet[9] = ICMP.protocolV4
        packet.storeBig(source.bits, at: 12)
        UnsafeMutableRawPointer(packet + 16).copyBytes(from: quoted, range: 12..<16)
        packet.storeBig(Checksum(packet.bytes(0..<20)).folded, at: 10)
        packet[20] = v4.type
        packet[21] = v4.code
        packet.storeBig(word, at: 24)
        UnsafeMutableRawPointer(packet + 28).copyBytes(from: quoted, range: 0..<length - 28)
        packet.storeBig(Checksum(packet.bytes(20..<length)).folded, at: 22)
    }

    /// The same for IPv6.
    func write(
        to packet: UnsafeMutablePointer<UInt8>,
        length: Int,
        from source: IPv6Address,
        quoting quoted: UnsafeRawBufferPointer
    ) {
        packet.update(repeating: 0, count: 48)
        packet[0] = 0x60
        packet.storeBig(UInt16(length - 40), at: 4)
        packet[6] = ICMP.protocolV6
        packet[7] = ICMP.hopLimit
        packet.storeBig(source.high, at: 8)
        packet.storeBig(source.low, at: 16)
        UnsafeMutableRawPointer(packet + 24).copyBytes(from: quoted, range: 8..<24)
        packet[40] = v6.type
        packet[41] = v6.code
        packet.storeBig(word, at: 44)
        UnsafeMutableRawPointer(packet + 48).copyBytes(from: quoted, range: 0..<length - 48)
        var sum = Checksum(packet.bytes(40..<length))
        sum.addPseudoHeader(
            of: packet,
            isIPv6: true,
            transportProtocol: ICMP.protocolV6,
            length: length - 40
        )
        packet.storeBig(sum.folded, at: 42)
    }
}

extension UnsafeMutableRawPointer {
    fileprivate func copyBytes(from bytes: UnsafeRawBufferPointer, range: Range<Int>) {
        UnsafeMutableRawBufferPointer(start: self, count: range.count)
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[range]))
    }
}
