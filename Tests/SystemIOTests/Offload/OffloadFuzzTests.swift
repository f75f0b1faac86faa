import Foundation
import SystemIO
import TestSupport
import Testing

/// `Framing` sees a byte that is written outside; the sanitizer sees one that is read there.
@Suite("Offload headers and packets of any bytes")
struct OffloadFuzzTests {
    /// Headers with their packets, as a TUN device gives them.
    private static func corpus() throws -> [[UInt8]] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "Corpus")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            name in
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            let digits = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined()
            return stride(from: 0, to: digits.count, by: 2).compactMap { offset in
                UInt8(digits.dropFirst(offset).prefix(2), radix: 16)
            }
        }
    }

    /// What must be true of any packets that come out.
    private func check(_ entry: [UInt8]) {
        guard entry.count > OffloadHeader.length else { return }
        let header = entry.withUnsafeBytes { bytes in
            bytes.baseAddress.map { OffloadHeader($0) } ?? .plain
        }
        let packet = Array(entry.dropFirst(OffloadHeader.length))
        guard let packets = Framing.cut(header, packet) else { return }
        #expect(!packets.isEmpty)
        #expect(packets.allSatisfy { $0.count <= packet.count })
        // Cut again they are the same packets, but for numbers that mean nothing.
        let joined = Framing.join(packets).flatMap { Framing.cut($0) ?? [] }
        #expect(joined.joined().count == packets.joined().count)
    }

    @Test("every entry of the corpus of offload headers is cut or refused within its bytes")
    func replay() throws {
        let corpus = try Self.corpus()
        #expect(corpus.count >= 19)
        for entry in corpus { check(entry) }
    }

    @Test(
        "mutations of the corpus of offload headers are cut or refused within their bytes",
        arguments: 1...4 as ClosedRange<UInt64>
    )
    func mutations(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let corpus = try Self.corpus()
        for _ in 0..<4_000 {
            var entry = corpus.randomElement(using: &random) ?? []
            for _ in 0...Int.random(in: 0...4, using: &random) where !entry.isEmpty {
                // Mostly among the headers.
                let end = Bool.random(using: &random) ? entry.count : min(entry.count, 52)
                let place = Int.random(in: 0..<end, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: entry[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: entry[place] = UInt8.random(in: 0 ... .max, using: &random)
                case 2: entry[place] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
                case 3: entry.removeSubrange(place...)
                default:
                    entry += [UInt8](repeating: 7, count: Int.random(in: 0..<300, using: &random))
                }
            }
            check(entry)
        }
    }

    @Test(
        "packets of any bytes are joined within their bytes, and written singly as they came",
        arguments: 1...4 as ClosedRange<UInt64>
    )
    func joining(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<400 {
            var flow = Flow(isIPv6: Bool.random(using: &random), isTCP: Bool.random(using: &random))
            var packets = (0..<8).map { flow.next(bytes(120, $0)) }
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let number = Int.random(in: 0..<8, using: &random)
                let place = Int.random(in: 0..<64, using: &random)
                packets[number][place % packets[number].count] ^=
                    1 << UInt8.random(in: 0..<8, using: &random)
                if Int.random(in: 0..<9, using: &random) == 0 {
                    packets[number].removeLast(
                        Int.random(in: 0..<packets[number].count, using: &random)
                    )
                }
            }
            packets = packets.filter { !$0.isEmpty }
            let singly = Framing.join(packets, writing: Framing.singly).map(\.bytes)
            #expect(singly.count == packets.count)
            #expect(Set(singly) == Set(packets))
        }
    }
}
