/// The ICMP messages that a router itself sends, RFC 792, 1812 and 4443.
enum ICMP {
    static let protocolV4: UInt8 = 1
    static let protocolV6: UInt8 = 58
    static let headerLength = 8
    static let hopLimit: UInt8 = 64

    /// Turns an echo request for the gateway into its answer, in place and with the same length.
    /// False for any other packet. The caller has checked that the packet is whole and its checksums
    /// are right.
    static func answerEcho(_ packet: UnsafeMutablePointer<UInt8>, _ inner: InnerPacket) -> Bool {
        guard inner.length >= inner.headerLength + headerLength else { return false }
        let message = packet + inner.headerLength
        if inner.isIPv6 {
            guard inner.transportProtocol == protocolV6, message[0] == 128, message[1] == 0 else {
                return false
            }
            message[0] = 129
            // The pseudo-header's sum does not change when the addresses change places.
            adjustChecksum(message, removing: 0x8000, adding: 0x8100)
            swap(packet, 8, 24, count: 16)
            packet[7] = hopLimit
        } else {
            guard inner.transportProtocol == protocolV4, message[0] == 8, message[1] == 0 else {
                return false
            }
            message[0] = 0
            adjustChecksum(message, removing: 0x0800, adding: 0x0000)
            swap(packet, 12, 16, count: 4)
            packet[8] = hopLimit
            packet.storeBig(0 as UInt16, at: 10)
            packet.storeBig(Checksum(packet.bytes(0..<inner.headerLength)).folded, at: 10)
        }
        return true
    }

    /// Messages that quote the packet which they are about: destination unreachable, source quench,
    /// redirect, time exceeded and parameter problem.
    static func isErrorV4(type: UInt8) -> Bool {
        switch type {
        case 3, 4, 5, 11, 12: true
        default: false
        }
    }

    /// Whether an IPv4 packet is such a message, whatever of its quotation is there.
    static func isError(_ packet: UnsafeMutablePointer<UInt8>, _ inner: InnerPacket) -> Bool {
        inner.transportProtocol == protocolV4 && packet.big16(at: 6) & 0x1fff == 0
            && inner.headerLength < inner.length && isErrorV4(type: packet[inner.headerLength])
    }

    /// RFC 1812 §4.3.2.7 and RFC 4443 §2.4 (e): never about an ICMP error, a later fragment, a
    /// damaged header, or a packet to several receivers. Its source is a unicast address:
    /// `CheckSource` has refused all others.
    static func mayAnswer(_ packet: UnsafeMutablePointer<UInt8>, _ inner: InnerPacket) -> Bool {
        guard inner.destination.isUnicast(isIPv6: inner.isIPv6),
            inner.hasValidHeaderChecksum(packet),
            let transport = TransportHeader(of: packet, inner)
        else { return false }
        guard transport.transportProtocol == (inner.isIPv6 ? protocolV6 : protocolV4) else {
            // RFC 4443 has nothing against later fragments.
            return inner.isIPv6 || !transport.isInEarlierFragment
        }
        guard !transport.isInEarlierFragment, transport.offset < inner.length else { return false }
        let type = packet[transport.offset]
        // Redirects count as errors, (e.2), though not by their number.
        return inner.isIPv6 ? type >= 128 && type != 137 : type == 8 || type == 0
    }

    private static func adjustChecksum(
        _ message: UnsafeMutablePointer<UInt8>,
        removing old: UInt16,
        adding new: UInt16
    ) {
        let checksum = Checksum.adjusted(message.big16(at: 2), removing: old, adding: new)
        message.storeBig(checksum, at: 2)
    }

    private static func swap(
        _ packet: UnsafeMutablePointer<UInt8>,
        _ first: Int,
        _ second: Int,
        count: Int
    ) {
        for index in 0..<count {
            let byte = packet[first + index]
            packet[first + index] = packet[second + index]
            packet[second + index] = byte
        }
    }
}
