import Foundation
import Testing

/// A suite is found by its name: as a filter of `swift test`, as a file, and from the documents.
struct SuiteNameTests {
    @Test("no two suites of the repository have the same name, so that a filter finds one of them")
    func suiteNamesAreUnique() throws {
        let suites = try Repository.swiftFiles(under: "Tests").flatMap(Self.suites)
        #expect(suites.count > 100)
        #expect(Dictionary(grouping: suites, by: \.self).filter { $1.count > 1 }.keys.isEmpty)
    }

    @Test("a file whose name ends in Tests has a suite of that name")
    func filesAreNamedAfterSuites() throws {
        for file in try Repository.swiftFiles(under: "Tests") {
            let name = URL(filePath: file.path).deletingPathExtension().lastPathComponent
            guard name.hasSuffix("Tests") else { continue }
            #expect(Self.suites(of: file).contains(name), "\(file.path)")
        }
    }

    @Test(
        "a suite or a test target that a document names is there",
        arguments: ["SECURITY.md", "CONTRIBUTING.md", "ARCHITECTURE.md"]
    )
    func documentsNameSuites(document: String) throws {
        let files = try Repository.swiftFiles(under: "Tests")
        // All test targets together are the program that `swift test` runs.
        let known = Set(files.flatMap(Self.suites) + files.map(\.target) + ["wgwPackageTests"])
        let named = try Repository.text(document).matches(of: /\b[\w-]+Tests\b/)
            .map { String($0.0) }
        #expect(!named.isEmpty)
        for name in Set(named).subtracting(known) {
            Issue.record("\(document) names \(name), which is neither a suite nor a test target")
        }
    }

    private static func suites(of file: SourceFile) -> [String] {
        file.code.filter { $0.contains("Tests") }.compactMap {
            $0.firstMatch(of: /\b(?:class|struct) (\w+Tests)\b/).map { String($0.1) }
        }
    }
}
