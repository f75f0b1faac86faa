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

    /// What a checksum becomes when one word under it changes. A wrong one stays wrong.
    static func adjusted(_ checksum: UInt16, removing old: UInt16, adding new: UInt16) -> UInt16 {
        ChecksumDifference(removing: UInt32(old), adding: UInt32(new)).applied(to: checksum)
    }
}

/// What a change of bytes adds to every checksum over them, RFC 1624 equation 3.
struct ChecksumDifference: Equatable, Sendable {
    /// One's complement.
    private let sum: UInt16

    /// Of two words, or of one in the lower half. They stand at an even distance from the beginning of
    /// what is summed.
    @inline(__always)
    init(removing old: UInt32, adding new: UInt32) {
        sum = Self.folded(
            (~old >> 16) + (~old & 0xffff) + (new >> 16) + (new & 0xffff)
        )
    }

    @inline(__always)
    func applied(to checksum: UInt16) -> UInt16 {
        ~Self.folded(UInt32(~checksum) + UInt32(sum))
    }

    /// Of at most 16 bits and as many carries: two folds leave none.
    @inline(__always)
    private static func folded(_ sum: UInt32) -> UInt16 {
        let once = (sum & 0xffff) + (sum >> 16)
        return UInt16(truncatingIfNeeded: once + (once >> 16))
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
