import Foundation
import Testing

/// A run of the engine depends on what it is fed and on nothing else, so that a failing seed replays.
struct EnginePurityTests {
    private let engine = "Sources/WireGuardEngine"

    @Test("the rules about the engine have its sources to read")
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
        "the engine never walks a hash table, whose order differs from run to run",
        arguments: [#"\.(keys|values)\b"#, #"\bSet<"#, #"\bhashValue\b"#]
    )
    func hashTablesAreNotWalked(pattern: String) throws {
        let places = try Repository.swiftFiles(under: engine)
            .flatMap { $0.places(matching: pattern) }
        #expect(places.isEmpty)
    }

    @Test("a dictionary of the engine is asked by key and for its size, and for nothing else")
    func dictionariesShowNoOrder() throws {
        let files = try Repository.swiftFiles(under: engine)
        let dictionaries = Set(files.flatMap { $0.code.compactMap(Self.declaredDictionary) })
        #expect(!dictionaries.isEmpty)
        for name in dictionaries.sorted() {
            for file in files {
                let places = file.code.indices.filter { Self.mayShowOrder(file.code[$0], of: name) }
                    .map { "\(file.path):\($0 + 1): \(file.lines[$0])" }
                #expect(places.isEmpty, "\(name) is a dictionary")
            }
        }
    }

    @Test(
        "the rule about dictionaries tells a use that may show their order from one that does not",
        arguments: [
            ("for (key, peer) in state.peers {", true), ("for peer in peers where peer.is {", true),
            ("for peer in Array(peers).sorted() {", true), ("peers.forEach { use($0) }", true),
            ("let sum = peers.reduce(0) { $0 + $1.value }", true), ("peers.sorted {", true),
            ("peers.contains { $0.value.isNew }", true), ("peers.contains(where: isNew)", true),
            ("self.peers.compactMap(\\.value)", true), ("peers.first", true), ("peers.max()", true),
            ("let found = peers.filter { $0.value.isNew }", true), ("return peers", true),
            ("peers.count { $0.value.isNew }", true), ("peers.count(where: isNew)", true),
            ("peers.merge(others) { $1 }", true), ("peers.removeAll { $0.isOld }", true),
            ("show(peers)", true), ("print(\"\\(peers)\")", true), ("peers.someNewCall()", true),
            ("peers = peers.filter { $0.value.isNew }", false), ("peers[key] = nil", false),
            ("for value in peers[key] ?? [] {", false), ("peers[key]?.count += 1", false),
            ("if peers.count >= maximum {", false), ("guard !peers.isEmpty else {", false),
            ("peers.removeValue(forKey: key)", false), ("peers.updateValue(1, forKey: key)", false),
            ("peers.removeAll(keepingCapacity: true)", false), ("peers.reserveCapacity(8)", false),
            ("private var peers: [Key: Peer] = [:]", false), ("peers = [:]", false),
            ("firstPeers.filter { $0 }", false), ("peersOfGateway.map { $0 }", false),
        ]
    )
    func uses(line: String, mayShowOrder: Bool) {
        #expect(Self.mayShowOrder(line, of: "peers") == mayShowOrder)
    }

    @Test(
        "the rule about dictionaries knows a dictionary by its declaration",
        arguments: [
            ("    var sources: [IPAddress: TokenBucket] = [:]", "sources"),
            ("    private(set) var byKey = [Key: Int]()", "byKey"),
            ("let table: Dictionary<Key, Int>", "table"), ("var last: [Key: Int]?", "last"),
            ("    _ peers: inout [Key: [Peer]],", "peers"), ("    var list: [Peer] = []", nil),
            ("call(metadata: [\"a\": 1])", nil), ("guard let peer = peers[key] else {", nil),
        ] as [(String, String?)]
    )
    func declarations(line: String, name: String?) {
        #expect(Self.declaredDictionary(line) == name)
    }

    /// Whether a line of code does more with a dictionary than what cannot depend on its order. Unknown
    /// calls count as such. A dictionary may be replaced by a part of itself.
    private static func mayShowOrder(_ line: String, of name: String) -> Bool {
        let harmless = [
            #"[?!]?\["#, #": (inout )?(\[|Dictionary<)"#, #" = "#, #"\.isEmpty\b"#,
            #"\.count\b(?!\(| \{)"#, #"\.(removeValue|updateValue|reserveCapacity)\("#,
            #"\.removeAll\((keepingCapacity: \w+)?\)"#,
        ]
        let rest = line.replacing("\(name) = \(name).filter", with: "")
        let use = #"(?<!\w)\#(name)\b(?!\#(harmless.joined(separator: "|")))"#
        return rest.range(of: use, options: .regularExpression) != nil
    }

    private static func declaredDictionary(_ line: String) -> String? {
        line.firstMatch(of: /(\w+)(?:: (?:inout )?| = )(?:\[\s*[\w.]+\s*:|Dictionary<)/)
            .map { String($0.1) }
    }
}
