import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("Any bytes are mapped in bounds, and mapped back to what they were")
struct PrefixMapFuzzTests {
    private let map: PrefixMap
    private let back: PrefixMap

    init() throws {
        map = try #require(try MappedPackets.map("10.0.0.0/16", "100.64.0.0/16"))
        back = try #require(PrefixMap(inside: map.outside, outside: map.inside))
    }

    /// Nil where it was refused. Otherwise true where the way out and back changed nothing, and no
    /// checksum that was right became wrong.
    private func survives(_ packet: [UInt8]) -> Bool? {
        guard let mapped = MappedPackets.apply(packet, map.mapSource) else { return nil }
        guard let unmapped = MappedPackets.apply(mapped, back.mapSource),
            normalized(unmapped) == normalized(packet)
        else { return false }
        return isWhole(packet) == isWhole(mapped)
    }

    private func isWhole(_ packet: [UInt8]) -> Bool {
        var packet = packet
        return packet.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress,
                let inner = InnerPacket(start, available: buffer.count)
            else { return false }
            return inner.isFragment
                ? inner.hasValidHeaderChecksum(start) : inner.hasValidChecksums(start)
        }
    }

    /// With one form of the checksum that both 0 and 0xffff stand for, wherever one may be.
    private func normalized(_ packet: [UInt8]) -> [UInt8] {
        var packet = packet
        for place in stride(from: 10, to: packet.count - 1, by: 2)
        where packet[place...place + 1] == [0xff, 0xff] {
            packet.replaceSubrange(place...place + 1, with: [0, 0])
        }
        return packet
    }

    @Test("every entry of the corpus is mapped and back, or refused")
    func corpus() throws {
        let entries = try CorpusEntry.all(of: "Translation")
        #expect(entries.count >= 8)
        var mapped = 0
        for entry in entries {
            for packet in entry.datagrams {
                let survives = survives(packet)
                #expect(survives != false, "\(entry.name)")
                if survives == true { mapped += 1 }
            }
        }
        #expect(mapped >= 8)
    }

    @Test(
        "mutations of packets and of the corpus are mapped and back, or refused",
        arguments: [1, 2, 3] as [UInt64]
    )
    func mutations(seed: UInt64) throws {
        let mutation = Mutation(seed: seed)
        let random = mutation.random
        var packets = try CorpusEntry.all(of: "Translation").flatMap(\.datagrams)
        for _ in 0..<60 {
            let address = IPv4Address(bits: 0x0a00_0000 | UInt32(random.below(65536)))
            packets.append(MappedPackets.any(isSource: true, random)(address))
        }
        var mapped = 0
        for _ in 0..<20_000 {
            let packet = mutation.mutate(packets)
            guard let survives = survives(packet) else { continue }
            mapped += 1
            guard survives else {
                Issue.record("seed \(seed): \(packet)")
                return
            }
        }
        #expect(mapped > 4000, "mutations leave enough packets that are mapped")
    }
}
