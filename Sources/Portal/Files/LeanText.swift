/// A script or style sheet as it travels: without comments, and without the white space, the repeated words and the
/// long names that only readers of the source have a use for. Texts and the order of everything stay.
struct LeanText {
    private let source: [UInt8]
    private var at = 0
    private var lean: [UInt8] = []
    /// Where it has texts, pieces of templates and regular expressions.
    private var texts: [Range<Int>] = []

    static func script(_ source: [UInt8]) -> [UInt8] {
        var text = LeanText(source)
        text.script(endsAtBrace: false)
        return ShortNames.script(text.lean, texts: text.texts)
    }

    static func style(_ source: [UInt8]) -> [UInt8] {
        var text = LeanText(source)
        text.style()
        return text.lean
    }

    private init(_ source: [UInt8]) {
        self.source = source
        lean.reserveCapacity(source.count)
    }

    private var next: UInt8? { at < source.count ? source[at] : nil }

    private func nextIs(_ text: StaticString) -> Bool {
        source[at...].starts(
            with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        )
    }

    private mutating func copy(_ count: Int = 1) {
        lean += source[at..<min(at + count, source.count)]
        at = min(at + count, source.count)
    }

    /// What ends a block or a list ends the last of its parts. No block of ours ends with an empty statement.
    private mutating func leaveOut(_ byte: UInt8) {
        if lean.last == byte { lean.removeLast() }
    }

    private mutating func skip(to end: StaticString) {
        while next != nil, !nextIs(end) { at += 1 }
    }

    // MARK: Styles

    private mutating func style() {
        while let byte = next {
            if byte.isQuote {
                text(to: byte)
            } else if nextIs("/*") {
                skip(to: "*/")
                at = min(at + 2, source.count)
            } else if byte.isSpace {
                // Elsewhere a space joins two selectors or two values.
                space { last, next, _ in
                    "{};:,>".utf8.contains(last) || "{};,>".utf8.contains(next) ? nil : .space
                }
            } else if nextIs("0."), lean.last?.isWord == false, lean.last != UInt8(ascii: ".") {
                at += 1
            } else {
                if byte == .closingBrace { leaveOut(.semicolon) }
                copy()
            }
        }
    }

    // MARK: Scripts

    /// - Parameter endsAtBrace: whether this is an expression in a template.
    private mutating func script(endsAtBrace: Bool) {
        // For each open bracket, what the last statement in it begins with, if that declares something.
        var declarations: [[UInt8]?] = [nil]
        while let byte = next {
            if byte.isSpace {
                space(Self.separator)
            } else if nextIs("//") {
                skip(to: "\n")
            } else if nextIs("/*") {
                skip(to: "*/")
                at = min(at + 2, source.count)
            } else if let words = nextDeclaration {
                if lean.last == .semicolon, declarations.last == words {
                    lean[lean.count - 1] = .comma
                    at += words.count
                } else {
                    copy(words.count)
                }
                declarations[declarations.count - 1] = words
            } else {
                if lean.last == .semicolon { declarations[declarations.count - 1] = nil }
                if byte.isQuote {
                    text(to: byte)
                } else if byte == .backtick {
                    template()
                } else if byte == .slash, isValueExpected {
                    regularExpression()
                } else if byte.isClosing {
                    if endsAtBrace, declarations.count == 1 { return }
                    if declarations.count > 1 { declarations.removeLast() }
                    if byte == .closingBrace { leaveOut(.semicolon) }
                    leaveOut(.comma)
                    copy()
                } else {
                    if byte.isOpening { declarations.append(nil) }
                    copy()
                }
            }
        }
    }

    /// The words with which what comes next declares something, at the beginning of a statement. Two statements
    /// that begin with the same ones are one, with a comma between what they declare.
    private var nextDeclaration: [UInt8]? {
        if let last = lean.last, !";{}\n".utf8.contains(last) { return nil }
        return Self.declaring.first { source[at...].starts(with: $0) }
    }

    private static let declaring = ["const ", "let ", "export const "].map { Array($0.utf8) }

    private mutating func text(to quote: UInt8) {
        let start = lean.count
        copy()
        while let byte = next, byte != quote { character() }
        copy()
        texts.append(start..<lean.count)
    }

    private mutating func template() {
        var start = lean.count
        copy()
        while let byte = next, byte != .backtick {
            if nextIs("${") {
                copy(2)
                texts.append(start..<lean.count)
                script(endsAtBrace: true)
                start = lean.count
                copy()
            } else {
                character()
            }
        }
        copy()
        texts.append(start..<lean.count)
    }

    private mutating func regularExpression() {
        var isInClass = false
        let start = lean.count
        copy()
        while let byte = next, isInClass || byte != .slash {
            if nextIs("[") { isInClass = true }
            if nextIs("]") { isInClass = false }
            character()
        }
        copy()
        texts.append(start..<lean.count)
    }

    /// With what is behind it where it is a backslash.
    private mutating func character() {
        copy(next == .backslash ? 2 : 1)
    }

    /// A slash begins a regular expression where a value may stand, and divides elsewhere.
    private var isValueExpected: Bool {
        guard let last = lean.last else { return true }
        return "\n(,=:[!&|?{};+-*%<>~^".utf8.contains(last)
            || lean.suffix(6) == Array("return".utf8)[...]
    }

    // MARK: White space

    private mutating func space(
        _ separator: (_ last: UInt8, _ next: UInt8, _ isLine: Bool) -> UInt8?
    ) {
        var isLine = false
        while let byte = next, byte.isSpace {
            isLine = isLine || byte == .newline
            at += 1
        }
        guard let last = lean.last, let next, !last.isSpace else { return }
        if let separator = separator(last, next, isLine) { lean.append(separator) }
    }

    /// A line may end a statement, but not behind or in front of what cannot be the end or the beginning of
    /// one. A space keeps apart two words, and what would be another operator or a comment together.
    private static func separator(_ last: UInt8, _ next: UInt8, _ isLine: Bool) -> UInt8? {
        if isLine {
            let goesOn = "{([,;:?=&|>".utf8.contains(last) || "})],;:?=&|.".utf8.contains(next)
            return goesOn ? nil : .newline
        }
        let isJoined = last.isWord && next.isWord || last == next && "+-/".utf8.contains(next)
        return isJoined ? .space : nil
    }
}

extension UInt8 {
    fileprivate static let newline = ascii("\n")
    fileprivate static let space = ascii(" ")
    fileprivate static let comma = ascii(",")
    fileprivate static let semicolon = ascii(";")
    fileprivate static let slash = ascii("/")
    fileprivate static let backslash = ascii("\\")
    fileprivate static let backtick = ascii("`")
    fileprivate static let closingBrace = ascii("}")

    private static func ascii(_ scalar: Unicode.Scalar) -> UInt8 { UInt8(ascii: scalar) }

    var isSpace: Bool { self == .space || self == .newline }
    var isOpening: Bool { "{[(".utf8.contains(self) }
    var isClosing: Bool { "}])".utf8.contains(self) }
    fileprivate var isQuote: Bool { self == UInt8(ascii: "'") || self == UInt8(ascii: "\"") }

    /// Whether it is of a name, a number or a letter beyond ASCII.
    var isWord: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
            true
        default: false
        }
    }
}
