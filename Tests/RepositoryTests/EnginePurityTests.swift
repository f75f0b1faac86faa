import Foundation
import Testing

/// A run of the engine depends on what it is fed and on nothing else, so that a failing seed replays.
struct EnginePurityTests {
    private let engine = "Sources/WireGuardEngine"

    @Test("the engine has sources to read")
    func sourcesAreFound() throws {
        #expect(try Repository.swiftFiles(under: engine).count > 10)
    }

    @Test(
        "the engine imports nothing that knows a clock, a socket, a thread or a log",
        arguments: [
            "Foundation", "FoundationEssentials", "Glibc", "Dispatch", "Logging", "CLinux",
            "SystemPackage", "_Concurrency",
        ]
    )
    func importsNothingImpure(module: String) throws {
        let importers = try Repository.swiftFiles(under: engine)
            .filter { $0.imports.contains(module) }
            .map(\.path)
        #expect(importers.isEmpty, "import of \(module) in the engine")
    }

    @Test(
        "the engine reads no clock and makes no randomness of its own",
        arguments: [
            #"\b(Continuous|Suspending)Clock\b"#, #"\bSystemRandomNumberGenerator\b"#,
            #"\.random\("#, #"\.(randomElement|shuffled?)\("#, #"\bTask\b\s*[.{(]"#, #"\bawait\b"#,
            #"\bprint\("#,
        ]
    )
    func callsNothingImpure(pattern: String) throws {
        let places = try Repository.swiftFiles(under: engine)
            .flatMap { $0.places(matching: pattern) }
        #expect(places.isEmpty)
    }

    @Test(
        "the engine never walks a hash table: its order differs from run to run",
        arguments: [#"\.(keys|values)\b"#, #"\bSet<"#, #"\bhashValue\b"#]
    )
    func hashTablesAreNotWalked(pattern: String) throws {
        let places = try Repository.swiftFiles(under: engine)
            .flatMap { $0.places(matching: pattern) }
        #expect(places.isEmpty)
    }

    @Test("a dictionary of the engine stands in no loop")
    func dictionariesAreNotLoopedOver() throws {
        let files = try Repository.swiftFiles(under: engine)
        let dictionaries = Set(files.flatMap { $0.code.compactMap(Self.declaredDictionary) })
        for name in dictionaries.sorted() {
            let places = files.flatMap { $0.places(matching: Self.walk(through: name)) }
            #expect(places.isEmpty, "\(name) is a dictionary")
        }
    }

    @Test(
        "a walk through a dictionary is told from a look at one of its values",
        arguments: [
            ("for (key, peer) in state.peers {", true), ("for peer in peers where peer.is {", true),
            ("peers.forEach { use($0) }", true), ("peers.filter { $0.value.isNew }", false),
            ("let sum = peers.reduce(0) { $0 + $1.value }", true), ("peers.sorted {", true),
            ("peers.contains { $0.value.isNew }", true), ("peers.contains(where: isNew)", true),
            ("peers.allSatisfy { $0.value.isNew }", true),
            ("self.peers.compactMap(\\.value)", true),
            ("peers.mapValues { $0 + 1 }", false), ("peers.first", true),
            ("peers.enumerated()", true),
            ("peers.max { $0.key < $1.key }", true), ("Array(peers)", true),
            ("peers[key] = nil", false), ("peers.count", false), ("peers.isEmpty", false),
            ("peers.removeValue(forKey: key)", false), ("peers.updateValue(1, forKey: key)", false),
            ("peers.index(forKey: key)", false), ("firstPeers.filter { $0 }", false),
        ]
    )
    func walks(line: String, isWalk: Bool) {
        let found = line.range(of: Self.walk(through: "peers"), options: .regularExpression)
        #expect((found != nil) == isWalk)
    }

    /// Whatever takes its elements in their order. What makes another dictionary of it, such as
    /// `filter`, has no order to show.
    private static func walk(through name: String) -> String {
        let steps = [
            "forEach", "map", "flatMap", "compactMap", "reduce", "first",
            "sorted", "contains", "allSatisfy", "enumerated", "min", "max", "count\\(where",
            "prefix",
            "drop\\w+", "suffix", "lazy", "elementsEqual", "makeIterator", "popFirst",
            "randomElement",
            "startIndex", "indices",
        ].joined(separator: "|")
        return #"\bin (\w+\.)*\#(name)\b\s*(\{|where)|\b\#(name)\.(\#(steps))\b"#
            + #"|\b(Array|Set|zip)\((\w+\.)*\#(name)\b"#
    }

    private static func declaredDictionary(_ line: String) -> String? {
        line.firstMatch(of: /(?:var|let) (\w+)(?:: | = )\[\s*[\w.]+\s*:/).map { String($0.1) }
    }
}
