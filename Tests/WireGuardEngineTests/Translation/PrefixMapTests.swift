import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

/// One packet before and after, both computed by another program.
private struct Vector: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let inside: String
    let outside: String

    static let all = [
        Vector(
            testDescription: "TCP",
            inside: """
                4500002a1c4640004006ea480a000002c633640ac0de01bb0000000100000000\
                5018faf0559600006869
                """,
            outside: """
                4500002a1c4640004006890864400702c633640ac0de01bb0000000100000000\
                5018faf0f45500006869
                """
        ),
        Vector(
            testDescription: "UDP",
            inside: "450000211c4640004011ea460a000002c633640ac0de13c4000db31f68656c6c6f",
            outside: "450000211c4640004011890664400702c633640ac0de13c4000d51df68656c6c6f"
        ),
        Vector(
            testDescription: "UDP without a checksum",
            inside: "450000211c4640004011ea460a000002c633640ac0de13c4000d000068656c6c6f",
            outside: "450000211c4640004011890664400702c633640ac0de13c4000d000068656c6c6f"
        ),
        Vector(
            testDescription: "UDP whose checksum becomes zero",
            inside: "4500001e1c4640004011ea490a000002c633640ac0de13c4000a614095b7",
            outside: "4500001e1c4640004011890964400702c633640ac0de13c4000affff95b7"
        ),
        Vector(
            testDescription: "UDP whose checksum was zero",
            inside: "4500001e1c4640004011ea490a000002c633640ac0de13c4000afffff6f7",
            outside: "4500001e1c4640004011890964400702c633640ac0de13c4000a9ebff6f7"
        ),
        Vector(
            testDescription: "an ICMP error about UDP",
            inside: """
                4500003d1c46000040012a3b0a000002c633640a0303315b00000000\
                450000211c4640004011ea46c633640a0a000002c0de13c4000db31f68656c6c6f
                """,
            outside: """
                4500003d1c4600004001c8fa64400702c633640a0303929b00000000\
                450000211c46400040118906c633640a64400702c0de13c4000d51df68656c6c6f
                """
        ),
        Vector(
            testDescription: "an ICMP error that quotes eight bytes of TCP",
            inside: """
                450000381c46000040012a400a000002c633640a03033a6200000000\
                4500002a1c4640004006ea48c633640a0a000002c0de01bb00000001
                """,
            outside: """
                450000381c4600004001c8ff64400702c633640a03033a6200000000\
                4500002a1c46400040068908c633640a64400702c0de01bb00000001
                """
        ),
    ]
}

@Suite("Addresses are mapped between two prefixes, with all checksums")
struct PrefixMapTests {
    private let map: PrefixMap

    init() throws {
        map = try #require(try MappedPackets.map("10.0.0.0/24", "100.64.7.0/24"))
    }

    @Test("a packet's source is mapped to the byte", arguments: Vector.all)
    private func vectors(vector: Vector) {
        let (inside, outside) = (Hex.bytes(vector.inside), Hex.bytes(vector.outside))
        #expect(MappedPackets.apply(inside, map.mapSource) == outside)
        let back = PrefixMap(inside: map.outside, outside: map.inside)
        #expect(back.map { MappedPackets.apply(outside, $0.mapSource) } == inside)
    }

    @Test(
        "a mapped packet is what its sender would have sent from the other address, checksums included",
        arguments: [1, 2, 3] as [UInt64]
    )
    func recomputed(seed: UInt64) throws {
        let random = SeededRandom(seed: seed)
        for _ in 0..<5000 {
            let length = UInt8(random.below(33))
            let inside = try prefix(length, random)
            let outside = try prefix(length, random)
            let map = try #require(PrefixMap(inside: inside, outside: outside))
            let host = UInt32(truncatingIfNeeded: random.next()) & UInt32(inside.count - 1)
            let addresses = [inside, outside].map { IPv4Address(bits: $0.network.bits | host) }

            let out = MappedPackets.any(isSource: true, random)
            let back = MappedPackets.any(isSource: false, random)
            let arrivesOutside = MappedPackets.apply(out(addresses[0]), map.mapSource)
            let arrivesInside = MappedPackets.apply(back(addresses[1]), map.mapDestination)
            guard arrivesOutside == out(addresses[1]), arrivesInside == back(addresses[0]) else {
                Issue.record("seed \(seed): \(inside) to \(outside), \(addresses)")
                return
            }
        }
    }

    private func prefix(_ length: UInt8, _ random: SeededRandom) throws -> IPv4Prefix {
        let address = IPv4Address(bits: UInt32(truncatingIfNeeded: random.next()))
        return try IPv4Prefix(containing: address, length: length)
    }

    @Test("two prefixes of different lengths make no mapping")
    func lengths() throws {
        #expect(try MappedPackets.map("10.0.0.0/24", "100.64.0.0/23") == nil)
        #expect(try MappedPackets.map("10.0.0.0/32", "100.64.0.0/32") != nil)
    }

    @Test("later fragments have their address mapped and their payload left alone")
    func laterFragment() throws {
        var packet = Packets.udp(from: "10.0.0.2", to: "198.51.100.1", "more of it")
        packet.replaceSubrange(6...7, with: [0x20, 0x03])
        packet = Packets.setHeaderChecksum(of: packet)
        let mapped = try #require(MappedPackets.apply(packet, map.mapSource))
        #expect(mapped[12..<16] == [100, 64, 7, 2])
        #expect(mapped[20...] == packet[20...])
        #expect(Packets.checksum(Array(mapped[..<20])) == 0)
    }

    @Test("addresses of other prefixes and packets of IPv6 are refused")
    func otherPrefixes() {
        for source in ["10.0.1.2", "9.255.255.255", "100.64.7.2"] {
            let packet = Packets.udp(from: source, to: "10.0.0.2", "x")
            #expect(MappedPackets.apply(packet, map.mapSource) == nil)
        }
        let packet = Packets.udp(from: "100.64.7.2", to: "10.0.0.2", "x")
        #expect(MappedPackets.apply(packet, map.mapDestination) == nil)
        let six = Packets.udp(from: "fd00::2", to: "fd00::3", "x")
        #expect(MappedPackets.apply(six, map.mapSource) == nil)
    }

    @Test("a header that ends before its checksum is refused", arguments: [6, 17, 33, 136, 1])
    func cutOff(proto: UInt8) {
        let shortest = proto == 6 ? 18 : 8
        for length in 0...shortest {
            let packet = Packets.ip(
                from: "10.0.0.2",
                to: "198.51.100.1",
                proto: proto,
                [UInt8](repeating: 0, count: length)
            )
            let isMapped = MappedPackets.apply(packet, map.mapSource) != nil
            #expect(isMapped == (length == shortest), "\(length) bytes")
        }
    }

    @Test("an ICMP error that quotes no packet to its sender is refused")
    func foreignErrors() {
        let right = Packets.udp(from: "198.51.100.1", to: "10.0.0.2", "x")
        let quotes: [([UInt8], Bool)] = [
            (right, true),
            (Array(right.prefix(20)), true),
            (Array(right.prefix(19)), false),
            ([], false),
            (Packets.udp(from: "198.51.100.1", to: "10.0.1.2", "x"), false),
            (Packets.udp(from: "10.0.0.2", to: "198.51.100.1", "x"), false),
            ([0x65] + right.dropFirst(), false),
            ([0x44] + right.dropFirst(), false),
            // Options that are not quoted to their end, and no transport protocol.
            ([0x4f] + right.dropFirst(), true),
        ]
        for (quoted, isMapped) in quotes {
            let error: [UInt8] = [11, 0, 0, 0, 0, 0, 0, 0] + quoted
            let packet = Packets.setChecksum(
                of: Packets.ip(from: "10.0.0.2", to: "198.51.100.1", proto: 1, error),
                proto: 1,
                at: 2
            )
            let mapped = MappedPackets.apply(packet, map.mapSource)
            #expect((mapped != nil) == isMapped, "\(quoted)")
            if let mapped { #expect(Packets.transportChecksum(mapped, proto: 1) == 0) }
        }
    }
}
