import Foundation
import Testing

/// A part of README.md that is made from the program, between two marks.
struct ReadmePart {
    /// The comment in front of it, without its brackets; `<!-- end of … -->` stands behind it.
    let mark: String

    /// Where they differ, the whole README.md as it should be is written to a temporary file.
    func expect(_ wanted: String) throws {
        let text = try Self.wholeText
        let first = try #require(text.range(of: "<!-- \(mark) -->\n\n")).upperBound
        let rest = first..<text.endIndex
        let last = try #require(text.range(of: "\n<!-- end", range: rest)).lowerBound
        if text[first..<last] != wanted {
            let whole = text[..<first] + wanted + text[last...]
            try whole.write(to: Self.actual, atomically: true, encoding: .utf8)
        }
        #expect(
            text[first..<last] == wanted,
            "cp \(Self.actual.path) README.md, and look at the difference"
        )
    }

    static var wholeText: String {
        get throws { try String(contentsOf: readme, encoding: .utf8) }
    }

    private static let readme = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "README.md")
    private static let actual = FileManager.default.temporaryDirectory
        .appending(path: "wgw-README.md")
}
