import NetAddress

/// The header fields of an inner IPv4 or IPv6 packet that a router looks at. Addresses of both
/// families are kept as two words, IPv4 in the lower one, so that two packets of one flow compare
/// in a few instructions.
struct InnerPacket {
    let isIPv6: Bool
    /// Header and payload, without WireGuard's padding.
    let length: Int
    let headerLength: Int
    let hopLimit: UInt8
    /// IPv4 protocol, or IPv6 next header.
    let transportProtocol: UInt8
    /// A fragment of an IPv4 packet, the first one included.
    let isFragment: Bool
    /// A router may not cut it up: IPv4 with the DF bit, and all of IPv6.
    let mustNotFragment: Bool
    let source: FlowAddress
    let destination: FlowAddress

    struct FlowAddress: Equatable {
        let high: UInt64
        let low: UInt64

        var v4: IPv4Address { IPv4Address(bits: UInt32(truncatingIfNeeded: low)) }
        var v6: IPv6Address { IPv6Address(high: high, low: low) }

        /// Whether it can be the address of one other host: not multicast, broadcast, loopback or
        /// "this network" (RFC 6890).
        @inline(__always)
        func isUnicast(isIPv6: Bool) -> Bool {
            guard !isIPv6 else { return high >> 56 != 0xff && (high != 0 || low > 1) }
            let first = low >> 24
            return first != 0 && first != 127 && first >> 4 != 0xe && low != 0xffff_ffff
        }
    }

    /// Nil when the `available` bytes hold no well-formed packet. All lengths are widened before
    /// they are added.
    @inline(__always)
    init?(_ packet: UnsafeMutablePointer<UInt8>, available: Int) {
        guard available >= 20 else { return nil }
        switch packet[0] >> 4 {
        case 4:
            let header = Int(packet[0] & 0x0f) * 4
            let total = Int(packet.big16(at: 2))
            guard header >= 20, total >= header, total <= available else { return nil }
            isIPv6 = false
            length = total
            headerLength = header
            hopLimit = packet[8]
            transportProtocol = packet[9]
            let fragmentation = packet.big16(at: 6)
            isFragment = fragmentation & 0x3fff != 0
            mustNotFragment = fragmentation & 0x4000 != 0
            source = FlowAddress(high: 0, low: UInt64(packet.big32(at: 12)))
            destination = FlowAddress(high: 0, low: UInt64(packet.big32(at: 16)))
        case 6:
            guard available >= 40 else { return nil }
            let total = 40 + Int(packet.big16(at: 4))
            guard total <= available else { return nil }
            isIPv6 = true
            length = total
            headerLength = 40
            hopLimit = packet[7]
            transportProtocol = packet[6]
            isFragment = false
            mustNotFragment = true
            source = FlowAddress(high: packet.big64(at: 8), low: packet.big64(at: 16))
            destination = FlowAddress(high: packet.big64(at: 24), low: packet.big64(at: 32))
        default:
            return nil
        }
    }

    @inline(__always)
    func hasSameAddresses(as other: InnerPacket) -> Bool {
        isIPv6 == other.isIPv6 && source == other.source && destination == other.destination
    }

    /// The largest packet of this family that an MTU admits. IPv6 senders never go below 1280 bytes
    /// (RFC 8201 §4): a smaller tunnel fragments the outer packet.
    @inline(__always)
    func limit(ofMTU mtu: Int) -> Int { isIPv6 ? max(mtu, 1280) : mtu }

    /// Takes one off the hop limit; RFC 1141 for the IPv4 checksum. The limit is above one.
    @inline(__always)
    static func decrementHopLimit(_ packet: UnsafeMutablePointer<UInt8>, isIPv6: Bool) {
        guard !isIPv6 else {
            packet[7] -= 1
            return
        }
        packet[8] -= 1
        let sum = UInt32(packet.big16(at: 10)) + 0x0100
        packet.storeBig(UInt16(truncatingIfNeeded: sum + (sum >> 16)), at: 10)
    }
}

extension InnerPacket.FlowAddress {
    init(_ address: IPAddress) {
        switch address {
        case .v4(let address): self.init(high: 0, low: UInt64(address.bits))
        case .v6(let address): self.init(high: address.high, low: address.low)
        }
    }
}
