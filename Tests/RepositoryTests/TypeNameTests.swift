import Testing

/// One name, one type: a reader who meets a name in a module need not ask which of two is meant.
struct TypeNameTests {
    @Test("no two types of a module have one name, nested ones included")
    func namesAreUnique() throws {
        for (module, names) in try Self.doubledNames() {
            #expect(names.isEmpty, "\(module) declares these types more than once")
        }
    }

    @Test(
        "a declaration of a type is told from other lines",
        arguments: [
            ("struct Worker: ~Copyable {", "Worker"), ("    private enum State {", "State"),
            ("public final class Hub: Service {", "Hub"), ("    indirect enum Tree {", "Tree"),
            ("@frozen public struct Path {", "Path"),
            ("package protocol Clock: Sendable {", "Clock"),
            ("extension Worker {", nil), ("    class func make() {", nil),
            ("let kind = \"struct Worker\"", nil), ("typealias Answer = Int", nil),
            ("            protocol TEXT,", nil),
        ] as [(String, String?)]
    )
    func declarations(line: String, name: String?) {
        #expect(Self.declaredType(line) == name)
    }

    private static func doubledNames() throws -> [String: Set<String>] {
        var counts: [String: [String: Int]] = [:]
        for file in try Repository.swiftFiles(under: "Sources") {
            for name in file.code.compactMap(declaredType) {
                counts[file.target, default: [:]][name, default: 0] += 1
            }
        }
        return counts.mapValues { Set($0.filter { $0.value > 1 }.keys) }
    }

    private static let kinds: Set<Substring> = ["struct", "class", "enum", "actor", "protocol"]
    private static let modifiers: Set<Substring> = [
        "public", "package", "internal", "fileprivate", "private", "final", "indirect",
    ]

    private static func declaredType(_ line: String) -> String? {
        let words = line.split(separator: " ", maxSplits: 8)
        guard let kind = words.firstIndex(where: { kinds.contains($0) }), kind + 1 < words.count,
            words[..<kind].allSatisfy({ modifiers.contains($0) || $0.hasPrefix("@") })
        else { return nil }
        let name = words[kind + 1].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        // A column of a table.
        if words[kind + 1].dropFirst(name.count) == "," { return nil }
        return name.isEmpty || ["func", "var", "let"].contains(name) ? nil : String(name)
    }
}
