import Foundation

struct SourceFile: Sendable {
    let path: String
    let text: String
    let lines: [String]
    /// The same lines without comments: a rule is about what the code does.
    let code: [String]
    let imports: [String]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        code = lines.map(Self.withoutComment)
        imports = code.compactMap(Self.importedModule)
    }

    /// `GatewayStore` of `Sources/GatewayStore/Tables/Peers.swift`, `TestSupport` of
    /// `Tests/Support/TestSupport/Eventually.swift`.
    var target: String {
        let parts = path.split(separator: "/")
        let place = path.hasPrefix("Tests/Support/") ? 2 : 1
        return parts.indices.contains(place) ? String(parts[place]) : ""
    }

    /// `path:line: text` of every line of code in which the pattern is found.
    func places(matching pattern: String) -> [String] {
        let isAnywhere = text.range(of: pattern, options: .regularExpression) != nil
        guard isAnywhere else { return [] }
        return code.indices
            .filter { code[$0].range(of: pattern, options: .regularExpression) != nil }
            .map { index in
                let text = lines[index].trimmingCharacters(in: .whitespaces)
                return "\(path):\(index + 1): \(text)"
            }
    }

    private static func importedModule(_ line: String) -> String? {
        guard line.contains("import ") else { return nil }
        let words = line.split(separator: " ")
        guard let word = words.firstIndex(of: "import"), word + 1 < words.count else { return nil }
        let isDeclaration = words[..<word].allSatisfy {
            $0.hasPrefix("@") || ["public", "package", "internal", "private"].contains($0)
        }
        // `import struct Foundation.URL` names the module in front of the dot.
        let module = words.last?.split(separator: ".").first
        return isDeclaration ? module.map(String.init) : nil
    }

    /// Cuts at the first `//` outside a string literal of one line.
    private static func withoutComment(_ line: String) -> String {
        guard line.contains("//") else { return line }
        var isInString = false
        var previous: Character = " "
        for (offset, character) in line.enumerated() {
            if character == "\"", previous != "\\" { isInString.toggle() }
            if character == "/", previous == "/", !isInString {
                return String(line.prefix(offset - 1))
            }
            previous = character
        }
        return line
    }
}
