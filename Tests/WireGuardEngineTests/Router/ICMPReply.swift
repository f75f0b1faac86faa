import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

/// An ICMP message that a test received, taken apart without the engine's own parser.
struct ICMPReply {
    let isIPv6: Bool
    let source: IPAddress
    let destination: IPAddress
    let hopLimit: UInt8
    let type: UInt8
    let code: UInt8
    let word: UInt32
    /// The quoted packet of an error.
    let body: [UInt8]

    init(_ packet: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws {
        isIPv6 = packet[0] >> 4 == 6
        func number(_ range: Range<Int>) -> UInt64 {
            packet[range].reduce(0) { $0 << 8 | UInt64($1) }
        }
        let header = isIPv6 ? 40 : 20
        if isIPv6 {
            source = .v6(IPv6Address(high: number(8..<16), low: number(16..<24)))
            destination = .v6(IPv6Address(high: number(24..<32), low: number(32..<40)))
            hopLimit = packet[7]
            #expect(packet[6] == 58, sourceLocation: sourceLocation)
            #expect(Int(number(4..<6)) == packet.count - 40, sourceLocation: sourceLocation)
        } else {
            source = .v4(IPv4Address(bits: UInt32(number(12..<16))))
            destination = .v4(IPv4Address(bits: UInt32(number(16..<20))))
            hopLimit = packet[8]
            #expect(packet[0] == 0x45, sourceLocation: sourceLocation)
            #expect(packet[9] == 1, sourceLocation: sourceLocation)
            #expect(Int(number(2..<4)) == packet.count, sourceLocation: sourceLocation)
            #expect(
                Packets.checksum(Array(packet[..<20])) == 0,
                "header checksum",
                sourceLocation: sourceLocation
            )
        }
        #expect(
            Packets.transportChecksum(packet, proto: isIPv6 ? 58 : 1) == 0,
            "ICMP checksum",
            sourceLocation: sourceLocation
        )
        type = packet[header]
        code = packet[header + 1]
        word = UInt32(number(header + 4..<header + 8))
        body = Array(packet[(header + 8)...])
    }
}
