import FoundationEssentials
import Testing

/// Datagrams that were interesting once, one hexadecimal file each, several lines for a run of
/// them. What a fuzzer finds is added here and stays.
struct CorpusEntry: Sendable, CustomTestStringConvertible {
    let name: String
    let datagrams: [[UInt8]]

    var testDescription: String { name }

    private static let folder = {
        var parts = #filePath.split(separator: "/").dropLast(2).map(String.init)
        parts.append("Corpus")
        return "/" + parts.joined(separator: "/")
    }()

    /// Those for one door of the engine, or for its first without a name.
    static func all(of door: String = "") throws -> [CorpusEntry] {
        let folder = "\(folder)/\(door)"
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .filter { $0.hasSuffix(".hex") }
            .map { name in
                let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
                let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
                return CorpusEntry(name: name, datagrams: lines.map { Hex.bytes(String($0)) })
            }
    }
}
