/// A script in which functions call what is theirs alone by short names. A name is shortened in a whole file or not
/// at all: only one that functions declare and the file itself does not, and that is nowhere what a member is called
/// by as well, as in `{ name }`. So what other files, members and the browser are called by stays.
struct ShortNames {
    private enum Token {
        case word(Range<Int>)
        case mark(UInt8)
        /// A string, a piece of a template or a regular expression.
        case text
    }

    private struct Bracket {
        let mark: UInt8
        /// What stands in front of it.
        let before: Int?
        /// Whether the statement in it declares something.
        var declares = false
        /// The words in it that are parameters if it has those of a function.
        var words: [Int] = []
    }

    private let script: [UInt8]
    private var tokens: [Token] = []
    private var uses: [[UInt8]: [Range<Int>]] = [:]
    private var declared: Set<[UInt8]> = []
    private var kept = reserved

    /// What is a name here and a word of the language there, and objects of the browser that a function could call
    /// something of its own by.
    private static let reserved = words(
        "as",
        "async",
        "from",
        "get",
        "of",
        "set",
        "static",
        "console",
        "crypto",
        "document",
        "fetch",
        "history",
        "innerHeight",
        "location",
        "navigator",
        "performance",
        "scrollBy",
        "scrollTo",
        "scrollY"
    )

    /// - Parameter texts: where the script has texts, which are taken as they are.
    static func script(_ script: [UInt8], texts: [Range<Int>]) -> [UInt8] {
        var names = ShortNames(script: script)
        names.read(texts)
        names.sort()
        return names.shortened()
    }

    private init(script: [UInt8]) { self.script = script }

    private mutating func read(_ texts: [Range<Int>]) {
        var texts = texts[...]
        var at = 0
        while at < script.count {
            if let text = texts.first, text.lowerBound <= at {
                at = max(at, text.upperBound)
                texts.removeFirst()
                tokens.append(.text)
            } else if script[at].isWord {
                let end = script[at...].firstIndex { !$0.isWord } ?? script.count
                tokens.append(.word(at..<end))
                at = end
            } else {
                if !script[at].isSpace { tokens.append(.mark(script[at])) }
                at += 1
            }
        }
    }

    // MARK: What each word is

    private mutating func sort() {
        var brackets: [Bracket] = []
        for at in tokens.indices {
            switch tokens[at] {
            case .text: break
            case .mark(let mark) where mark.isOpening:
                brackets.append(Bracket(mark: mark, before: at > 0 ? at - 1 : nil))
            case .mark(let mark) where mark.isClosing:
                if let bracket = brackets.popLast(), hasNames(bracket, endingAt: at) {
                    declared.formUnion(bracket.words.compactMap(word))
                }
            case .mark(UInt8(ascii: ";")):
                if !brackets.isEmpty { brackets[brackets.count - 1].declares = false }
            case .mark: break
            case .word(let range): sort(at, range, &brackets)
            }
        }
    }

    private mutating func sort(_ at: Int, _ range: Range<Int>, _ brackets: inout [Bracket]) {
        let name = Array(script[range])
        let isMember = isMark(at - 1, ".") && !(isMark(at - 2, ".") && isMark(at - 3, "."))
        guard !isMember, !isDigit(name[0]) else { return }
        let isBehind = isMark(at - 1, ",") || isMark(at - 1, "{")
        let isKeyword = word(at - 1).map(Self.declaring.contains) ?? false
        guard let last = brackets.indices.last else {
            if isKeyword || isBehind { kept.insert(name) }
            uses[name, default: []].append(range)
            return
        }
        if Self.declaringVariables.contains(name) { brackets[last].declares = true }
        if brackets[last].mark == UInt8(ascii: "{"), isBehind, !brackets[last].declares {
            if isMark(at + 1, ":") { return }
            if [",", "}", "=", "("].contains(where: { isMark(at + 1, $0) }) { kept.insert(name) }
        }
        if brackets[last].mark == UInt8(ascii: "{"),
            word(at - 1).map(Self.ofMethods.contains) ?? false
        {
            kept.insert(name)
        }
        let isNext =
            brackets[last].declares && brackets[last].mark == UInt8(ascii: "{")
            && isMark(at - 1, ",")
        if isKeyword || isNext || isArrow(at + 1) { declared.insert(name) }
        if isMark(at - 1, ",") || isMark(at - 1, ".") || isMark(at - 1, brackets[last].mark) {
            brackets[last].words.append(at)
        }
        uses[name, default: []].append(range)
    }

    /// Whether what stands in a bracket are parameters, or the elements of what a declaration takes apart.
    private func hasNames(_ bracket: Bracket, endingAt end: Int) -> Bool {
        let before = bracket.before.flatMap(word)
        if bracket.mark == UInt8(ascii: "[") {
            return before.map(Self.declaringVariables.contains) ?? false
        }
        guard bracket.mark == UInt8(ascii: "(") else { return false }
        if isArrow(end + 1) { return true }
        guard isMark(end + 1, "{"), let before else { return false }
        return !Self.conditions.contains(before)
    }

    private static let declaringVariables = words("const", "let")
    private static let declaring = words("const", "let", "function", "class", "import")
    private static let ofMethods = words("async", "get", "set", "static")
    private static let conditions = words("if", "for", "while", "switch")

    private static func words(_ words: String...) -> Set<[UInt8]> {
        Set(words.map { Array($0.utf8) })
    }

    private func word(_ at: Int) -> [UInt8]? {
        guard tokens.indices.contains(at), case .word(let range) = tokens[at] else { return nil }
        return Array(script[range])
    }

    private func isMark(_ at: Int, _ mark: Unicode.Scalar) -> Bool {
        isMark(at, UInt8(ascii: mark))
    }

    private func isMark(_ at: Int, _ mark: UInt8) -> Bool {
        guard tokens.indices.contains(at), case .mark(mark) = tokens[at] else { return false }
        return true
    }

    private func isArrow(_ at: Int) -> Bool { isMark(at, "=") && isMark(at + 1, ">") }

    private func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    // MARK: Writing

    private func shortened() -> [UInt8] {
        var taken = Set(tokens.indices.compactMap(word)).union(Self.words("do", "if", "in", "is"))
        // The most frequent ones get the shortest names; of two that are as frequent the order is the alphabet's.
        let names = declared.subtracting(kept).sorted {
            let (one, other) = (uses[$0]?.count ?? 0, uses[$1]?.count ?? 0)
            return one == other ? $0.lexicographicallyPrecedes($1) : one > other
        }
        var replaced: [(range: Range<Int>, name: [UInt8])] = []
        var number = 0
        for name in names {
            var short: [UInt8]
            repeat {
                short = Self.name(number)
                number += 1
            } while taken.contains(short)
            guard short.count < name.count else {
                number -= 1
                continue
            }
            taken.insert(short)
            replaced += (uses[name] ?? []).map { ($0, short) }
        }
        var result: [UInt8] = []
        var at = 0
        for (range, name) in replaced.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            result += script[at..<range.lowerBound]
            result += name
            at = range.upperBound
        }
        return result + script[at...]
    }

    /// a, b, … z, A, … Z, aa, ba, …
    private static func name(_ number: Int) -> [UInt8] {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        let first = letters[number % letters.count]
        return number < letters.count ? [first] : [first] + name(number / letters.count - 1)
    }
}
