import Testing

/// A failing line of a report is read alone, without the name of its suite or of its file.
struct TitleTests {
    private struct Title {
        let text: String
        let path: String
    }

    private static func titles() throws -> [Title] {
        try Repository.swiftFiles(under: "Tests").flatMap { file in
            file.text.matches(of: /@Test\(\s*"((?:[^"\\]|\\.)*)"/).map {
                Title(text: String($0.1), path: file.path)
            }
        }
    }

    @Test("every test has a title")
    func everyTestHasATitle() throws {
        let tests = try Repository.swiftFiles(under: "Tests").reduce(0) { count, file in
            count + file.code.count { $0.wholeMatch(of: /\s*@Test\b.*/) != nil }
        }
        let titles = try Self.titles()
        #expect(titles.count > 500)
        #expect(titles.count == tests)
    }

    @Test("the title of a test is a sentence with its subject, of four words or more")
    func titlesStandAlone() throws {
        for title in try Self.titles() {
            let words = title.text.split(separator: " ")
            #expect(words.count >= 4, "\(title.path): \(title.text)")
            let first = words.first.map(String.init) ?? ""
            #expect(!Self.needsASubject.contains(first), "\(title.path): \(title.text)")
        }
    }

    @Test("no two tests of the repository have the same title")
    func titlesAreUnique() throws {
        let groups = Dictionary(grouping: try Self.titles(), by: \.text)
        for (text, titles) in groups where titles.count > 1 {
            Issue.record("\(text): \(titles.map(\.path))")
        }
    }

    /// Words that go on with a sentence which a suite's name began.
    private static let needsASubject: Set = [
        "and", "are", "goes", "has", "have", "is", "it", "its", "may", "never", "says", "takes",
        "tells", "that", "they", "was", "which", "whose",
    ]
}
