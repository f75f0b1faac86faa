import Testing

struct ReadabilityTests {
    @Test(
        "every target has a README of 5 to 25 lines",
        arguments: try Repository.targetFolders()
    )
    func targetsIntroduceThemselves(folder: String) throws {
        let text = try Repository.text("\(folder)/README.md")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect((5...25).contains(lines.count))
        let target = try #require(folder.split(separator: "/").last)
        #expect(lines.first == "# \(target)")
    }

    @Test(
        "the README of a target names files that are there",
        arguments: try Repository.targetFolders()
    )
    func readmesNameRealFiles(folder: String) throws {
        let text = try Repository.text("\(folder)/README.md")
        let files = try Repository.swiftFiles(under: folder).map(\.path)
        for name in text.matches(of: /`([\w\/+]+\.swift)`/).map({ String($0.1) }) {
            #expect(files.contains { $0.hasSuffix("/\(name)") }, "\(name) in \(folder)/README.md")
        }
    }

    @Test("ARCHITECTURE.md names files that are there")
    func architectureNamesRealFiles() throws {
        let text = try Repository.text("ARCHITECTURE.md")
        let files = try Repository.swiftFiles(under: "Sources").map(\.path) + ["./Package.swift"]
        let names = text.matches(of: /`([\w\/+]+\.swift)`/).map { String($0.1) }
        #expect(names.count > 20)
        for name in names {
            #expect(files.contains { $0.hasSuffix("/\(name)") }, "\(name) in ARCHITECTURE.md")
        }
    }

    @Test("SECURITY.md names files and tests that are there")
    func securityNamesRealFiles() throws {
        let text = try Repository.text("SECURITY.md")
        let files =
            try Repository.swiftFiles(under: "Sources").map(\.path) + Repository.testFiles()
        let names = text.matches(of: /`(\w[\w+]*?)(\.swift|Tests)`/).map { match in
            match.2 == "Tests" ? "\(match.1)Tests.swift" : "\(match.1).swift"
        }
        #expect(names.count > 20)
        for name in names {
            #expect(files.contains { $0.hasSuffix("/\(name)") }, "\(name) in SECURITY.md")
        }
    }

    @Test("no source file is longer than 400 lines")
    func filesAreOneIdea() throws {
        let long = try Repository.swiftFiles(under: "Sources")
            .filter { $0.lines.count > 400 }
            .map { "\($0.path): \($0.lines.count) lines" }
        #expect(long.isEmpty)
    }

    @Test("types are named after what they are")
    func namesSayWhatThingsAre() throws {
        let vague =
            #"\b(struct|class|enum|actor|protocol) \w*(Manager|Helper|Utils?|Handler|Info)\b"#
        let places = try Repository.swiftFiles(under: "Sources")
            .flatMap { $0.places(matching: vague) }
        #expect(places.isEmpty)
    }
}
