/// Refuses what a declaration, or a config file, has no use for before YAML's own reader sees it: anchors and aliases, of
/// which a short text can make an endless one (the reader compares keys with all aliases in them), tags,
/// texts of several lines, and nesting beyond what any declaration has. What is left has one reading in
/// all versions of YAML, and JSON is a part of it.
///
/// It goes line by line, and treats the beginning of every line as that of a value. No text goes on in the
/// next line: quotation marks and brackets there would be of the text, and hide what follows them.
package struct IndicatorScan {
    /// More than a declaration needs: sections, their elements, members, and a list of addresses.
    static let maximumDepth = 16

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var lineStart = 0
    /// Open brackets and braces.
    private var depth = 0
    /// Whether the next character begins a value or a key.
    private var expectsValue = true
    /// Hyphens and question marks of this line, each of which nests.
    private var indicators = 0
    /// Where the first key or value of this line begins that is behind all indicators.
    private var contentColumn: Int?
    /// The column, in this line, of what its text belongs to: a key, or an indicator.
    private var ownerColumn: Int?
    /// Of the text without quotes that a line ended with: a line that begins to the right of it goes on with
    /// that text. Nil where no text is open.
    private var openText: Int?
    /// The line of that text, where nothing on it is a key.
    private var keylessLine: Int?

    private static let severalLines = "texts of several lines are not taken"

    /// For a file that may have texts of several lines, behind which this scan sees nothing: there no character is
    /// taken that could be an anchor.
    package static func firstDanger(in text: String) -> Mistake? {
        guard let mistake = firstMistake(in: text) else { return nil }
        guard mistake.text.hasPrefix(severalLines) else { return mistake }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let place = lines.firstIndex(where: { $0.contains("&") }) else { return nil }
        return Mistake(
            line: place + 1,
            "a file with texts of several lines must not have the character '&', which could be an anchor"
        )
    }

    package static func firstMistake(in text: String) -> Mistake? {
        var scan = IndicatorScan(bytes: Array(text.utf8))
        do throws(Mistake) {
            while scan.position < scan.bytes.count { try scan.step() }
            return nil
        } catch {
            return error
        }
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func step() throws(Mistake) {
        if skipLineBreak() { return beginLine() }
        let byte = bytes[position]
        try checkTextEnds(before: byte)
        switch byte {
        case UInt8(ascii: "%") where position == lineStart:
            throw mistake("'%' begins a directive, which is not taken here; leave it out")
        case UInt8(ascii: " "), UInt8(ascii: "\t"):
            position += 1
        case UInt8(ascii: "#") where isAfterBlank:
            skipToLineEnd()
        case 0xEF where follows([0xBB, 0xBF]):
            throw mistake("a byte order mark may stand at the beginning of the file only")
        case _ where expectsValue:
            try beginValue(byte)
        case UInt8(ascii: ":") where isBlank(at: position + 1):
            endKey()
        case UInt8(ascii: ":") where depth > 0 && beginsSomething(at: position + 1):
            throw mistake("put a blank behind ':', or quotes around a text that has one")
        case _ where depth > 0 && Self.brackets.contains(byte):
            expectsValue = true
            try beginValue(byte)
        default:
            position += 1
        }
    }

    private mutating func beginValue(_ byte: UInt8) throws(Mistake) {
        if depth == 0, contentColumn == nil, !isIndicator(byte) { contentColumn = column }
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            depth += 1
            try checkDepth()
            position += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            guard depth > 0 else {
                throw mistake(
                    "a bracket is closed that was not opened; put quotes around a text that begins like "
                        + "this"
                )
            }
            depth -= 1
            position += 1
        case UInt8(ascii: ","):
            position += 1
        case UInt8(ascii: ":"):
            if depth > 0 || isIndicator(byte) { endKey() } else { expectsValue = false }
        case UInt8(ascii: "-"), UInt8(ascii: "?"):
            guard isIndicator(byte) else {
                expectsValue = false
                return
            }
            if depth == 0 {
                ownerColumn = isDocumentMark ? -1 : column
                contentColumn = nil
            }
            indicators += 1
            try checkDepth()
            position += isDocumentMark ? 3 : 1
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            try skipQuoted(byte)
        case UInt8(ascii: "&"), UInt8(ascii: "*"):
            throw mistake(
                "anchors and aliases ('&', '*') are not taken; write the value out, or put quotes "
                    + "around a text that begins like this"
            )
        case UInt8(ascii: "!"):
            throw mistake(
                "tags ('!') are not taken; put quotes around a text that begins like this"
            )
        case UInt8(ascii: "|"), UInt8(ascii: ">"):
            throw mistake(
                "\(Self.severalLines); put quotes around a text that begins with "
                    + "'|' or '>'"
            )
        default:
            expectsValue = false
            position += 1
        }
    }

    /// Behind the colon of a key, or of a value whose key stands above.
    private mutating func endKey() {
        if depth == 0 { ownerColumn = contentColumn ?? column }
        position += 1
        expectsValue = true
    }

    /// Whether the byte at the position means something to YAML here, rather than begins a text.
    private func isIndicator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"): isBlank(at: position + 1) || isDocumentMark
        case UInt8(ascii: "?"): isBlank(at: position + 1) || depth > 0
        case UInt8(ascii: ":"): isBlank(at: position + 1)
        default: false
        }
    }

    /// Versions of YAML do not agree whether a colon without a blank ends a key before one of these.
    private func beginsSomething(at index: Int) -> Bool {
        bytes[index...].first.map { "\"'&*!|>?".utf8.contains($0) } ?? false
    }

    private mutating func checkTextEnds(before byte: UInt8) throws(Mistake) {
        guard let owner = openText, byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") else {
            return
        }
        if byte == UInt8(ascii: "#") { return }
        let goesOn =
            depth > 0
            ? ![UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}")].contains(byte)
            : column > owner
        guard !goesOn else {
            throw keylessLine.map {
                Mistake(
                    line: $0,
                    "\(Self.severalLines); if this line begins with the name of a member, put ':' behind it"
                )
            }
                ?? mistake(
                    "\(Self.severalLines); put the one that begins above on the line of its key"
                )
        }
        openText = nil
    }

    private static let brackets: Set<UInt8> = [
        UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
        UInt8(ascii: ","),
    ]

    /// Behind the closing mark anything may begin.
    private mutating func skipQuoted(_ mark: UInt8) throws(Mistake) {
        position += 1
        while position < bytes.count, lineBreakLength == 0 {
            let byte = bytes[position]
            position += 1
            if byte == mark { return }
            if byte == UInt8(ascii: "\\"), mark == UInt8(ascii: "\""), position < bytes.count,
                lineBreakLength == 0
            {
                position += 1
            }
        }
        throw mistake("a text in quotes must end on its line")
    }

    private mutating func skipToLineEnd() {
        while position < bytes.count, lineBreakLength == 0 { position += 1 }
    }

    private mutating func beginLine() {
        if !expectsValue {
            openText = ownerColumn ?? -1
            keylessLine = ownerColumn == nil && depth == 0 ? line : nil
        }
        ownerColumn = nil
        contentColumn = nil
        line += 1
        lineStart = position
        expectsValue = true
        indicators = 0
    }

    private mutating func skipLineBreak() -> Bool {
        let length = lineBreakLength
        position += length
        return length > 0
    }

    private var lineBreakLength: Int { lineBreakLength(at: position) }

    /// That of the line break there, as YAML 1.1 has them; 0 for none.
    private func lineBreakLength(at index: Int) -> Int {
        let rest = bytes[index...]
        return switch bytes[index] {
        case UInt8(ascii: "\n"): 1
        case UInt8(ascii: "\r"): rest.starts(with: "\r\n".utf8) ? 2 : 1
        case 0xC2 where rest.starts(with: "\u{85}".utf8): 2
        case 0xE2 where rest.starts(with: "\u{2028}".utf8) || rest.starts(with: "\u{2029}".utf8): 3
        default: 0
        }
    }

    private var column: Int { position - lineStart }

    private func follows(_ expected: [UInt8]) -> Bool {
        bytes[(position + 1)...].starts(with: expected)
    }

    private var isAfterBlank: Bool { position == 0 || isBlank(at: position - 1) || expectsValue }

    private var isDocumentMark: Bool {
        depth == 0 && position == lineStart
            && bytes[position...].prefix(3).elementsEqual("---".utf8)
            && isBlank(at: position + 3)
    }

    /// Whether there is a blank, a line break or the end.
    private func isBlank(at index: Int) -> Bool {
        guard index < bytes.count else { return true }
        return [UInt8(ascii: " "), UInt8(ascii: "\t")].contains(bytes[index])
            || lineBreakLength(at: index) > 0
    }

    private func checkDepth() throws(Mistake) {
        guard depth + indicators <= Self.maximumDepth else {
            throw mistake("values are nested deeper than \(Self.maximumDepth) levels")
        }
    }

    private func mistake(_ text: String) -> Mistake { Mistake(line: line, text) }
}
