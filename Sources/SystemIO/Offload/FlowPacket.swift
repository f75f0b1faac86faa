/// A whole TCP or UDP packet that other packets of its flow may be joined with: unfragmented, without IP
/// options or extension headers.
struct FlowPacket {
    let bytes: UnsafeMutablePointer<UInt8>
    let length: Int
    let kind: OffloadHeader.Kind
    let isIPv6: Bool
    /// Of all headers.
    let headerLength: Int
    /// Equal for packets of one flow.
    let flow: UInt64

    var transport: Int { isIPv6 ? PacketFields.v6HeaderLength : PacketFields.v4HeaderLength }
    var payload: Int { length - headerLength }
    var transportProtocol: UInt8 { kind.isTCP ? PacketFields.tcp : PacketFields.udp }

    /// Where the checksum of TCP or UDP is.
    var checksumPlace: Int {
        transport + (kind.isTCP ? PacketFields.tcpChecksum : PacketFields.udpChecksum)
    }

    /// Nil for other packets. The length is the one of the IP header.
    @inline(__always)
    init?(_ bytes: UnsafeMutablePointer<UInt8>, length: Int) {
        guard length >= PacketFields.v4HeaderLength else { return nil }
        let reading = UnsafePointer(bytes)
        let transport: Int
        let carried: UInt8
        switch bytes[0] {
        case 0x45:
            guard Int(reading.loadBig16(at: 2)) == length, reading.loadBig16(at: 6) & 0x3fff == 0
            else { return nil }
            isIPv6 = false
            transport = PacketFields.v4HeaderLength
            carried = bytes[9]
        case 0x60...0x6f:
            guard length >= PacketFields.v6HeaderLength,
                Int(reading.loadBig16(at: 4)) + PacketFields.v6HeaderLength == length
            else { return nil }
            isIPv6 = true
            transport = PacketFields.v6HeaderLength
            carried = bytes[6]
        default:
            return nil
        }
        switch carried {
        case PacketFields.tcp:
            guard length >= transport + PacketFields.minimumTCPHeaderLength else { return nil }
            kind = isIPv6 ? .tcpV6 : .tcpV4
            headerLength = transport + Int(bytes[transport + 12] >> 4) * 4
            guard headerLength >= transport + PacketFields.minimumTCPHeaderLength else {
                return nil
            }
        case PacketFields.udp:
            kind = .udp
            headerLength = transport + PacketFields.udpHeaderLength
        default:
            return nil
        }
        guard headerLength <= length else { return nil }
        self.bytes = bytes
        self.length = length
        var mixed = UInt64(reading.load32(at: transport)) << 8 | UInt64(carried)
        if isIPv6 {
            for offset in stride(from: 8, to: 40, by: 8) {
                mixed = (mixed ^ reading.load64(at: offset)) &* 0x9e37_79b9_7f4a_7c15
                mixed ^= mixed >> 29
            }
        } else {
            mixed =
                (mixed ^ reading.load64(at: 12) &* 0xff51_afd7_ed55_8ccd)
                &* 0x9e37_79b9_7f4a_7c15
        }
        flow = mixed
    }

    /// Whether packets may follow it in a run, or it may follow others: it carries data and nothing that concerns
    /// this one packet.
    @inline(__always)
    var isJoinable: Bool {
        guard payload > 0 else { return false }
        let header = bytes + transport
        guard kind.isTCP else {
            // Without a checksum there is nothing to check, and RFC 8200 §8.1 forbids it.
            return Int(UnsafePointer(header).loadBig16(at: 4)) == length - transport
                && UnsafePointer(header).loadBig16(at: PacketFields.udpChecksum) != 0
        }
        return header[13] & ~TCPFlag.push == TCPFlag.acknowledge
    }

    /// Joined packets get a new checksum: a wrong one must not become a right one.
    @inline(never)
    var hasRightChecksums: Bool {
        if !isIPv6 {
            var sum = InternetChecksum()
            sum.add(bytes, count: PacketFields.v4HeaderLength)
            guard sum.value == 0 else { return false }
        }
        var sum = pseudoHeader(length: length - transport)
        sum.add(bytes + transport, count: length - transport)
        return sum.value == 0
    }

    func pseudoHeader(length: Int) -> InternetChecksum {
        PacketFields.pseudoHeader(
            of: bytes,
            isIPv6: isIPv6,
            transportProtocol: transportProtocol,
            length: length
        )
    }

    /// Whether the headers differ from those of `first`, the beginning of a run, in nothing but what is made
    /// anew for each packet of it when the run is cut; `number` is the packet's place in the run.
    @inline(__always)
    func continues(_ first: FlowPacket, number: Int) -> Bool {
        guard kind == first.kind, headerLength == first.headerLength else { return false }
        let (a, b) = (UnsafePointer(bytes), UnsafePointer(first.bytes))
        if isIPv6 {
            // Version, class and flow label; next header and hop limit; addresses.
            guard a.load32(at: 0) == b.load32(at: 0), a.loadBig16(at: 6) == b.loadBig16(at: 6),
                a.load64(at: 8) == b.load64(at: 8), a.load64(at: 16) == b.load64(at: 16),
                a.load64(at: 24) == b.load64(at: 24), a.load64(at: 32) == b.load64(at: 32)
            else { return false }
        } else {
            // Version and class; flags, lifetime and protocol; addresses.
            guard a.loadBig16(at: 0) == b.loadBig16(at: 0), a.load32(at: 6) == b.load32(at: 6),
                a.load64(at: 12) == b.load64(at: 12)
            else { return false }
            // RFC 6864: where a packet must not be fragmented the number means nothing.
            let mayFragment = a.loadBig16(at: 6) & 0x4000 == 0
            let expected = b.loadBig16(at: 4) &+ UInt16(truncatingIfNeeded: number)
            guard !mayFragment || a.loadBig16(at: 4) == expected else { return false }
        }
        return hasEqualTransport(a + transport, b + transport)
    }

    @inline(__always)
    private func hasEqualTransport(
        _ a: UnsafePointer<UInt8>,
        _ b: UnsafePointer<UInt8>
    ) -> Bool {
        guard a.load32(at: 0) == b.load32(at: 0) else { return false }
        guard kind.isTCP else { return true }
        // Acknowledged number, length, window and urgent pointer. That the flags are right is known.
        guard a.load32(at: 8) == b.load32(at: 8), a[12] == b[12],
            a.loadBig16(at: 14) == b.loadBig16(at: 14), a.loadBig16(at: 18) == b.loadBig16(at: 18)
        else { return false }
        var offset = PacketFields.minimumTCPHeaderLength
        while offset < headerLength - transport {
            guard a.load32(at: offset) == b.load32(at: offset) else { return false }
            offset += 4
        }
        return true
    }
}
