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
            let walk =
                #"\bin (\w+\.)*\#(name)\b\s*(\{|where)|\b\#(name)\.(forEach|map|first\b)"#
            let places = files.flatMap { $0.places(matching: walk) }
            #expect(places.isEmpty, "\(name) is a dictionary")
        }
    }

    private static func declaredDictionary(_ line: String) -> String? {
        line.firstMatch(of: /(?:var|let) (\w+)(?:: | = )\[\s*[\w.]+\s*:/).map { String($0.1) }
    }
}
