import Testing
import TunnelTestSupport

@testable import WireGuardEngine

/// `ClampMSS` alone, against another reading of the same headers and a full checksum.
@Suite("MSS clamping of made-up TCP headers")
struct ClampMSSFuzzTests {
    private static let mtu = 1420

    /// Clamps a copy, within bytes that must not be touched.
    private func clamp(_ packet: [UInt8]) -> [UInt8] {
        let margin = [UInt8](repeating: 0x5a, count: 64)
        var bytes = margin + packet + margin
        bytes.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress.map({ $0 + 64 }),
                let inner = InnerPacket(start, available: packet.count),
                ClampMSS.mayConcern(start, inner)
            else { return }
            ClampMSS.apply(to: start, inner, mtu: Self.mtu)
        }
        #expect(bytes.prefix(64) == margin[...] && bytes.suffix(64) == margin[...])
        return Array(bytes.dropFirst(64).dropLast(64))
    }

    private func bytes(_ count: Int, _ random: SeededRandom) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    /// Well-formed options of at most 40 bytes, and where among them segment sizes begin.
    private func options(_ random: SeededRandom) -> (bytes: [UInt8], sizes: [Int]) {
        var (options, sizes): ([UInt8], [Int]) = ([], [])
        while options.count < 30, !random.happens(perMille: 150) {
            switch random.below(4) {
            case 0: options.append(1)
            case 1:
                sizes.append(options.count + 2)
                options += [2, 4] + bytes(2, random)
            default:
                let length = 2 + Int(random.below(UInt64(39 - options.count)))
                options += [UInt8(3 + random.below(253)), UInt8(length)]
                options += bytes(length - 2, random)
            }
        }
        if random.happens(perMille: 300), options.count % 4 != 0 { options.append(0) }
        while options.count % 4 != 0 { options.append(options.last == 0 ? 0 : 1) }
        return (options, sizes)
    }

    @Test(
        "made-up TCP packets leave with a right checksum and clamped sizes, and otherwise as they came",
        arguments: [1, 2] as [UInt64]
    )
    func properties(seed: UInt64) {
        let random = SeededRandom(seed: seed)
        for _ in 0..<5000 {
            let family = Family.both[Int(random.below(2))]
            let (options, sizes) = options(random)
            let isSYN = random.happens(perMille: 800)
            let flags = UInt8(truncatingIfNeeded: random.next()) & 0xf9 | (isSYN ? 0x02 : 0)
            var packet = Packets.tcp(
                from: family.first,
                to: family.second,
                flags: flags,
                options: options,
                payload: bytes(Int(random.below(30)), random)
            )
            let header = Packets.headerLength(packet)
            packet.replaceSubrange(header..<header + 12, with: bytes(12, random))
            packet = Packets.setChecksum(of: packet, proto: 6, at: 16)

            var expected = packet
            for size in sizes where isSYN {
                let place = header + 20 + size
                let announced = UInt16(packet[place]) << 8 | UInt16(packet[place + 1])
                let most: UInt16 = family.isIPv6 ? 1360 : 1380
                let lower = Packets.bytes(min(announced, most))
                expected.replaceSubrange(place...place + 1, with: lower)
            }
            expected = Packets.setChecksum(of: expected, proto: 6, at: 16)
            guard clamp(packet) == expected else {
                Issue.record("seed \(seed): \(packet)")
                return
            }
        }
    }

    @Test(
        "MSS clamping of any bytes changes only what may be a segment size, and the checksum to match",
        arguments: [1, 2] as [UInt64]
    )
    func hostile(seed: UInt64) {
        let random = SeededRandom(seed: seed)
        for _ in 0..<20_000 {
            let family = Family.both[Int(random.below(2))]
            let start = family.isIPv6 ? 40 : 20
            let proto = [6, 6, 0, 43, 44, 51, 60][family.isIPv6 ? Int(random.below(7)) : 0]
            var payload = bytes(Int(random.below(90)), random)
            // Mostly numbers that mean something somewhere.
            for index in payload.indices where random.happens(perMille: 600) {
                payload[index] = [0, 1, 2, 3, 4, 6, 0x60, 0x80, 0xf0, 60][Int(random.below(10))]
            }
            let packet = Packets.ip(
                from: family.first,
                to: family.second,
                proto: UInt8(proto),
                payload
            )
            let clamped = clamp(packet)
            guard clamped != packet else { continue }
            let changed = packet.indices.filter { packet[$0] != clamped[$0] }
            // The sum over everything, with the checksum in it, is what it was.
            let sums = [packet, clamped].map { sum($0[start...]) }
            let options = changed.filter { packet.index(after: $0) > start + 20 }
            guard sums[0] == sums[1], !options.isEmpty, changed[0] >= start + 12 else {
                Issue.record("seed \(seed): \(packet) became \(clamped)")
                return
            }
        }
    }

    /// One's complement, with one name for zero.
    private func sum(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        let sum = Packets.checksum(Array(bytes))
        return sum == 0xffff ? 0 : sum
    }
}
