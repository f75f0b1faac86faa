import Foundation
import NodeProtocol
import Testing

/// What comes over the network may be anything.
struct WireFuzzTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static var corpus: [[UInt8]] {
        get throws {
            let folder = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "Corpus")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            return try names.sorted().flatMap { name in
                try Data(contentsOf: folder.appending(path: name))
                    .split(separator: UInt8(ascii: "\n")).map { [UInt8]($0) }
            }
        }
    }

    @Test("whatever a line is changed to, it is read or refused")
    func changedLines() throws {
        let corpus = try Self.corpus
        #expect(corpus.count >= 10)
        var generator = Generator(state: 7)
        var readable = 0
        for round in 0..<4_000 {
            var line = corpus[round % corpus.count]
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                Self.change(&line, corpus, &generator)
            }
            var secrets = PlainSecrets()
            if (try? FeedLine(line, &secrets)) != nil { readable += 1 }
            if (try? NodeReport(line)) != nil { readable += 1 }
            _ = try? JoinRequest(line)
            _ = try? JoinAnswer(line)
            _ = try? ReportAnswer(line)
            var reader = FeedReader(of: Samples.node, Samples.secret(5))
            _ = try? reader.read(line)
        }
        #expect(readable > 500)
    }

    private static func change(
        _ line: inout [UInt8],
        _ corpus: [[UInt8]],
        _ generator: inout Generator
    ) {
        guard !line.isEmpty else { return }
        let place = Int.random(in: 0..<line.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: line[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: line.remove(at: place)
        case 2: line.insert(UInt8.random(in: 32...126, using: &generator), at: place)
        case 3: line.removeLast(line.count - place)
        default:
            let other = corpus.randomElement(using: &generator) ?? []
            line = Array(line[..<place]) + other.suffix(max(other.count - place, 0))
        }
    }
}
