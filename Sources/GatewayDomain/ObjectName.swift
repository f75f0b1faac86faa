/// The rule for what people call their networks, gateways and peers.
package enum ObjectName {
    package static let maximumLength = 255
    /// Blanks around it included: UTF-8 takes up to four bytes for a character.
    private static let maximumBytes = 4 * maximumLength

    package enum Problem: Equatable, Sendable {
        case empty
        case tooLong
        case controlCharacter
        case hiddenCharacter(Unicode.Scalar)
    }

    /// The name without blanks around it, or nil for a text that cannot be a name.
    package static func normalized(_ text: String) -> String? {
        guard case .success(let name) = check(text) else { return nil }
        return name
    }

    package static func check(_ text: String) -> Verdict {
        // Before any work: looking for the ends of a megabyte of blanks takes a while.
        guard text.utf8.count <= maximumBytes else { return .failure(.tooLong) }
        let name = trimmed(text)
        guard !name.isEmpty else { return .failure(.empty) }
        // Unicode scalars, because one "character" may hide a megabyte of combining marks.
        guard name.unicodeScalars.count <= maximumLength else { return .failure(.tooLong) }
        guard !name.unicodeScalars.contains(where: isControl) else {
            return .failure(.controlCharacter)
        }
        if let hidden = HiddenCharacters.first(in: name) {
            return .failure(.hiddenCharacter(hidden))
        }
        return .success(name)
    }

    package enum Verdict: Equatable, Sendable {
        case success(String)
        case failure(Problem)
    }

    private static func trimmed(_ text: String) -> String {
        var rest = text[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    /// Separators of lines and paragraphs would break a log line or a config like a newline does.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
