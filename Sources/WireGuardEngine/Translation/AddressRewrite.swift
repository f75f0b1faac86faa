import NetAddress

/// One direction of a `PrefixMap`.
struct AddressRewrite: Equatable, Sendable {
    private let mask: UInt32
    private let old: UInt32
    private let new: UInt32
    /// What every sum over an address gains. The host's bits stand in none of the network's, so it is
    /// the same for all addresses.
    private let difference: ChecksumDifference

    /// Where in the IPv4 header an address is.
    enum Place: Int {
        case source = 12
        case destination = 16

        var other: Place { self == .source ? .destination : .source }
    }

    /// Both prefixes are of one length.
    init(from: IPv4Prefix, to: IPv4Prefix) {
        mask = from.firstAddress.bits ^ ~from.lastAddress.bits
        old = from.network.bits
        new = to.network.bits
        difference = ChecksumDifference(removing: old, adding: new)
    }

    @inline(__always)
    func apply(
        to packet: UnsafeMutablePointer<UInt8>,
        _ inner: InnerPacket,
        at place: Place
    ) -> Bool {
        guard !inner.isIPv6, covers(packet, place) else { return false }
        // Only the first piece of a fragmented packet has the transport protocol's header.
        if packet.big16(at: 6) & 0x1fff == 0 {
            let length = inner.length - inner.headerLength
            let header = packet + inner.headerLength
            if inner.transportProtocol == ICMP.protocolV4 {
                guard applyToError(header, length: length, quotedAt: place.other) else {
                    return false
                }
            } else if let offset = Self.checksumOffset(in: inner.transportProtocol) {
                // A first piece without its checksum is made to deceive, RFC 1858 §3.
                guard offset + 2 <= length else { return false }
                adjustTransport(header, at: offset, of: inner.transportProtocol)
            }
        }
        rewrite(packet, place)
        return true
    }

    @inline(__always)
    private func covers(_ packet: UnsafeMutablePointer<UInt8>, _ place: Place) -> Bool {
        packet.big32(at: place.rawValue) & mask == old
    }

    /// The address and the header's checksum.
    @inline(__always)
    private func rewrite(_ packet: UnsafeMutablePointer<UInt8>, _ place: Place) {
        let host = packet.big32(at: place.rawValue) & ~mask
        packet.storeBig(new | host, at: place.rawValue)
        packet.storeBig(difference.applied(to: packet.big16(at: 10)), at: 10)
    }

    /// Of the protocols whose checksum covers both addresses: TCP, UDP, DCCP (RFC 4340 §9.1) and
    /// UDP-Lite (RFC 3828 §3.1). That of ICMP covers none.
    @inline(__always)
    private static func checksumOffset(in transportProtocol: UInt8) -> Int? {
        switch transportProtocol {
        case TransportHeader.tcp: 16
        case TransportHeader.udp, 33, 136: 6
        default: nil
        }
    }

    @inline(__always)
    private func adjustTransport(
        _ header: UnsafeMutablePointer<UInt8>,
        at offset: Int,
        of transportProtocol: UInt8
    ) {
        let checksum = header.big16(at: offset)
        let isUDP = transportProtocol == TransportHeader.udp
        // RFC 768: zero says that none was made, so a sum of zero is sent as its other form.
        guard !isUDP || checksum != 0 else { return }
        let adjusted = difference.applied(to: checksum)
        header.storeBig(isUDP && adjusted == 0 ? 0xffff : adjusted, at: offset)
    }

    /// RFC 5508 §4.2: maps what an ICMP error quotes, which may end anywhere behind its fixed header.
    /// True for other messages too, which have no addresses.
    @inline(never)
    private func applyToError(
        _ message: UnsafeMutablePointer<UInt8>,
        length: Int,
        quotedAt place: Place
    ) -> Bool {
        guard length >= ICMP.headerLength else { return false }
        guard ICMP.isErrorV4(type: message[0]) else { return true }
        let quoted = message + ICMP.headerLength
        let available = length - ICMP.headerLength
        guard available >= 20, quoted[0] >> 4 == 4, quoted[0] & 0x0f >= 5, covers(quoted, place)
        else { return false }

        // What changes below the message's checksum: an address, the checksum of its header, and that
        // of its transport protocol where it is quoted.
        var sum = difference.applied(to: message.big16(at: 2))
        let headerChecksum = quoted.big16(at: 10)
        rewrite(quoted, place)
        sum = Checksum.adjusted(sum, removing: headerChecksum, adding: quoted.big16(at: 10))

        let headerLength = Int(quoted[0] & 0x0f) * 4
        if quoted.big16(at: 6) & 0x1fff == 0,
            let offset = Self.checksumOffset(in: quoted[9]),
            headerLength + offset + 2 <= available
        {
            let header = quoted + headerLength
            let checksum = header.big16(at: offset)
            adjustTransport(header, at: offset, of: quoted[9])
            sum = Checksum.adjusted(sum, removing: checksum, adding: header.big16(at: offset))
        }
        message.storeBig(sum, at: 2)
        return true
    }
}
