import NetAddress
import TunnelTestSupport

@testable import WireGuardEngine

/// A mapping, and packets of its flows with any address in the place that is mapped.
enum MappedPackets {
    static func map(_ inside: String, _ outside: String) throws -> PrefixMap? {
        PrefixMap(inside: try IPv4Prefix(inside), outside: try IPv4Prefix(outside))
    }

    /// Maps a copy, within bytes that must not be touched. Nil where it was refused: then the copy is
    /// what it was.
    static func apply(
        _ packet: [UInt8],
        _ change: (UnsafeMutablePointer<UInt8>, InnerPacket) -> Bool
    ) -> [UInt8]? {
        let margin = [UInt8](repeating: 0x5a, count: 64)
        var bytes = margin + packet + margin
        let isMapped = bytes.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress.map({ $0 + 64 }),
                let inner = InnerPacket(start, available: packet.count)
            else { return false }
            return change(start, inner)
        }
        precondition(bytes.prefix(64) == margin[...] && bytes.suffix(64) == margin[...])
        let result = Array(bytes.dropFirst(64).dropLast(64))
        precondition(isMapped || result == packet, "a packet that is refused stays as it is")
        return isMapped ? result : nil
    }

    /// A made-up packet as a function of the address that is mapped, its own checksums computed from
    /// all bytes. `isSource` tells in which place of the outer header the address stands.
    static func any(
        isSource: Bool,
        _ random: SeededRandom
    ) -> (IPv4Address) -> [UInt8] {
        let other = IPv4Address(bits: 0xcb00_7100 | UInt32(random.below(256)))
        guard random.happens(perMille: 300) else {
            return transport(isSource: isSource, towards: other, random)
        }
        // An error is about a packet that went the other way.
        let quoted = transport(isSource: !isSource, towards: other, random)
        let router = IPv4Address(bits: 0xc633_6400 | UInt32(random.below(256)))
        let header: [UInt8] = [
            [3, 4, 5, 11, 12][Int(random.below(5))], UInt8(random.below(5)), 0, 0,
        ]
        let word = bytes(4, random)
        // Of half a checksum the other half is not known: it stays as it is.
        let length = 20 + 2 * Int(random.below(30))
        return { address in
            let error = header + word + quoted(address).prefix(length)
            let packet = ip(isSource, address, router, proto: 1, options: [], error)
            return Packets.setChecksum(of: packet, proto: 1, at: 2)
        }
    }

    private static func transport(
        isSource: Bool,
        towards other: IPv4Address,
        _ random: SeededRandom
    ) -> (IPv4Address) -> [UInt8] {
        let options = [UInt8](repeating: 1, count: 4 * Int(random.below(4)))
        let payload = bytes(Int(random.below(40)), random)
        let ports = bytes(4, random)
        let kind = random.below(7)
        let fragmentation: [UInt8] = random.happens(perMille: 200) ? [0x20, 0] : [0x40, 0]
        return { address in
            var (proto, checksumAt): (UInt8, Int?)
            var message: [UInt8]
            switch kind {
            case 0, 1:
                (proto, checksumAt) = (6, 16)
                message = ports + [1, 2, 3, 4, 5, 6, 7, 8, 0x50, 0x18, 0xfa, 0xf0, 0, 0, 0, 0]
            case 2, 3:
                (proto, checksumAt) = (kind == 2 ? 17 : 136, 6)
                message = ports + Packets.bytes(UInt16(8 + payload.count)) + [0, 0]
            case 4:  // UDP without a checksum
                (proto, checksumAt) = (17, nil)
                message = ports + Packets.bytes(UInt16(8 + payload.count)) + [0, 0]
            case 5:
                (proto, checksumAt) = (1, 2)
                message = [8, 0, 0, 0] + ports
            default:  // a protocol without ports
                (proto, checksumAt) = (47, nil)
                message = [0, 0, 8, 0]
            }
            var packet = ip(
                isSource,
                address,
                other,
                proto: proto,
                options: options,
                message + payload
            )
            if let checksumAt {
                packet = Packets.setChecksum(of: packet, proto: proto, at: checksumAt)
                let place = Packets.headerLength(packet) + checksumAt
                if proto == 17, packet[place...place + 1] == [0, 0] {
                    packet.replaceSubrange(place...place + 1, with: [0xff, 0xff])
                }
            }
            packet.replaceSubrange(6...7, with: fragmentation)
            return Packets.setHeaderChecksum(of: packet)
        }
    }

    private static func ip(
        _ isSource: Bool,
        _ address: IPv4Address,
        _ other: IPv4Address,
        proto: UInt8,
        options: [UInt8],
        _ payload: [UInt8]
    ) -> [UInt8] {
        let (source, destination) = isSource ? (address, other) : (other, address)
        let length = UInt16(20 + options.count + payload.count)
        var packet: [UInt8] = [0x45 + UInt8(options.count / 4), 0] + Packets.bytes(length)
        packet += [0, 1, 0, 0, 64, proto, 0, 0]
        packet += Packets.bytes(source.bits) + Packets.bytes(destination.bits) + options + payload
        return Packets.setHeaderChecksum(of: packet)
    }

    static func bytes(_ count: Int, _ random: SeededRandom) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
}
