/// The Internet checksum, RFC 1071.
struct Checksum {
    private var sum: UInt64 = 0

    init() {}

    init(_ bytes: UnsafeRawBufferPointer) {
        add(bytes)
    }

    mutating func add(_ word: UInt16) { sum += UInt64(word) }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        while index + 1 < bytes.count {
            sum += UInt64(bytes[index]) << 8 | UInt64(bytes[index + 1])
            index += 2
        }
        if index < bytes.count { sum += UInt64(bytes[index]) << 8 }
    }

    /// The pseudo-header of RFC 9293 §3.1 and RFC 8200 §8.1: both addresses of a packet, the length
    /// of what its transport protocol sent, and the protocol's number.
    mutating func addPseudoHeader(
        of packet: UnsafeMutablePointer<UInt8>,
        isIPv6: Bool,
        transportProtocol: UInt8,
        length: Int
    ) {
        add(isIPv6 ? packet.bytes(8..<40) : packet.bytes(12..<20))
        add(UInt16(truncatingIfNeeded: length >> 16))
        add(UInt16(truncatingIfNeeded: length))
        add(UInt16(transportProtocol))
    }

    /// Zero over bytes that hold their own, right checksum.
    var folded: UInt16 {
        var folded = sum
        while folded >> 16 != 0 { folded = (folded & 0xffff) + (folded >> 16) }
        return ~UInt16(truncatingIfNeeded: folded)
    }

    /// What a checksum becomes when one word under it changes, RFC 1624 equation 3. A wrong one
    /// stays wrong.
    static func adjusted(_ checksum: UInt16, removing old: UInt16, adding new: UInt16) -> UInt16 {
        var sum = Checksum()
        sum.add(~checksum)
        sum.add(~old)
        sum.add(new)
        return sum.folded
    }
}

extension InnerPacket {
    /// Of IPv4 only; an IPv6 header has no checksum.
    func hasValidHeaderChecksum(_ packet: UnsafeMutablePointer<UInt8>) -> Bool {
        isIPv6 || Checksum(packet.bytes(0..<headerLength)).folded == 0
    }

    /// The same of a whole packet that is not a fragment, with the checksum of its transport protocol.
    /// Protocols other than ICMP, TCP and UDP, and IPv6 extension headers, are not looked into.
    func hasValidChecksums(_ packet: UnsafeMutablePointer<UInt8>) -> Bool {
        guard hasValidHeaderChecksum(packet) else { return false }
        var covered = length - headerLength
        switch transportProtocol {
        case ICMP.protocolV4 where !isIPv6:
            // The only one without a pseudo-header.
            return Checksum(packet.bytes(headerLength..<length)).folded == 0
        case ICMP.protocolV6 where isIPv6, TransportHeader.tcp:
            break
        case TransportHeader.udp:
            guard covered >= 8 else { return false }
            let declared = Int(packet.big16(at: headerLength + 4))
            guard (8...covered).contains(declared) else { return false }
            // RFC 768: none was made. RFC 8200 §8.1 forbids that.
            if packet.big16(at: headerLength + 6) == 0 { return !isIPv6 }
            covered = declared
        default:
            return true
        }
        var sum = Checksum(packet.bytes(headerLength..<headerLength + covered))
        sum.addPseudoHeader(
            of: packet,
            isIPv6: isIPv6,
            transportProtocol: transportProtocol,
            length: covered
        )
        return sum.folded == 0
    }
}
