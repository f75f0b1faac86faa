/// A part of step 4: no TCP connection begins with segments too large for the MTU of its tunnels.
/// Before: a packet that is forwarded. After: a SYN announces no larger segments than that MTU carries.
///
/// An ICMP error says the same later, if it arrives: clients' packet filters and AllowedIPs may drop
/// it, and such a connection stalls. The SYN bounds the segments of one direction and the SYN-ACK
/// those of the other, so both are served by looking at every SYN.
enum ClampMSS {
    private static let synchronize: UInt8 = 0x02
    private static let reset: UInt8 = 0x04
    private static let minimumHeaderLength = 20

    /// The test that every packet is put to. A payload's byte may pass it where a fragment has no
    /// TCP header; `apply` looks again.
    @inline(__always)
    static func mayConcern(_ packet: UnsafeMutablePointer<UInt8>, _ inner: InnerPacket) -> Bool {
        if inner.transportProtocol == TransportHeader.tcp {
            let flags = inner.headerLength + 13
            return flags < inner.length && packet[flags] & synchronize != 0
        }
        return inner.isIPv6 && TransportHeader.isExtension(inner.transportProtocol)
    }

    /// Lowers the maximum segment size of a SYN to what packets of `mtu` bytes carry, in place. It
    /// is never raised. A packet whose headers or options are malformed stays as it is, as does a SYN
    /// without the option: its receiver assumes the minimum of RFC 9293 §3.7.1.
    @inline(never)
    static func apply(
        to packet: UnsafeMutablePointer<UInt8>,
        _ inner: InnerPacket,
        mtu: Int
    ) {
        guard let transport = TransportHeader(of: packet, inner),
            transport.transportProtocol == TransportHeader.tcp, !transport.isInEarlierFragment,
            transport.offset + minimumHeaderLength <= inner.length
        else { return }
        let header = packet + transport.offset
        let headerLength = Int(header[12] >> 4) * 4
        guard header[13] & (synchronize | reset) == synchronize,
            headerLength >= minimumHeaderLength,
            transport.offset + headerLength <= inner.length
        else { return }
        // RFC 6691: of the headers, the fixed ones count and options do not.
        let fixedHeaders = (inner.isIPv6 ? 40 : 20) + minimumHeaderLength
        let most = UInt16(clamping: inner.limit(ofMTU: mtu) - fixedHeaders)
        var options = segmentSizes(in: header, length: headerLength)
        while options != 0 {
            lower(at: options.trailingZeroBitCount + 2, of: header, to: most)
            options &= options - 1
        }
    }

    /// Bit n is set where an option of this kind begins at byte n: a header has 60 bytes at most. A
    /// receiver may go by any of several. None where the list of options is malformed.
    private static func segmentSizes(
        in header: UnsafeMutablePointer<UInt8>,
        length headerLength: Int
    ) -> UInt64 {
        var found: UInt64 = 0
        var offset = minimumHeaderLength
        while offset < headerLength {
            switch header[offset] {
            case 0:  // the end of the list
                return found
            case 1:  // no operation, without a length
                offset += 1
                continue
            default:
                break
            }
            guard offset + 1 < headerLength else { return 0 }
            let length = Int(header[offset + 1])
            guard length >= 2, offset + length <= headerLength else { return 0 }
            if header[offset] == 2 {
                guard length == 4 else { return 0 }
                found |= 1 << UInt64(offset)
            }
            offset += length
        }
        return found
    }

    private static func lower(
        at offset: Int,
        of header: UnsafeMutablePointer<UInt8>,
        to most: UInt16
    ) {
        let announced = header.big16(at: offset)
        guard announced > most else { return }
        header.storeBig(most, at: offset)
        // A number at an odd offset is the end of one summed word and the beginning of the next,
        // which adds up like the number with its bytes exchanged (RFC 1071 §2 (B)).
        let isOdd = offset % 2 == 1
        let checksum = Checksum.adjusted(
            header.big16(at: 16),
            removing: isOdd ? announced.byteSwapped : announced,
            adding: isOdd ? most.byteSwapped : most
        )
        header.storeBig(checksum, at: 16)
    }
}
