import JSON
import Yams

extension DocumentNode {
    /// Reads the only document of a text.
    static func parse(_ text: String) throws(Mistake) -> DocumentNode {
        guard text.utf8.count <= Declaration.maximumBytes else {
            throw Mistake(line: 1, "the file is larger than \(Declaration.maximumBytes >> 20) MiB")
        }
        // A byte order mark says nothing that is not known: the text is UTF-8.
        let text =
            text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        if let mistake = IndicatorScan.firstMistake(in: text) { throw mistake }
        do {
            // The parser holds on to the address of the text, which a short string does not have.
            let longer = text + String(repeating: "\n", count: 16)
            // Without rules for tags: they are regular expressions, and slow.
            let parser = try Parser(yaml: longer, resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else {
                throw Mistake(line: 1, "the file is empty; it begins with version: 1")
            }
            return try DocumentNode(root, depth: 0)
        } catch let mistake as Mistake {
            throw mistake
        } catch {
            throw Mistake(error, in: text)
        }
    }

    private init(_ node: Node, depth: Int) throws(Mistake) {
        line = node.mark?.line ?? 1
        guard depth < IndicatorScan.maximumDepth else {
            throw Mistake(
                line: line,
                "values are nested deeper than \(IndicatorScan.maximumDepth) levels"
            )
        }
        switch node {
        case .scalar(let scalar):
            content = .single(Self.value(of: scalar))
        case .sequence(let sequence):
            var elements: [DocumentNode] = []
            for element in sequence { elements.append(try DocumentNode(element, depth: depth + 1)) }
            content = .list(elements)
        case .mapping(let mapping):
            var entries: [Entry] = []
            for (key, value) in mapping {
                guard case .scalar(let name) = key else {
                    throw Mistake(line: line, "a list or a mapping cannot be the name of a member")
                }
                let value = try DocumentNode(value, depth: depth + 1)
                entries.append(
                    Entry(name: name.string, line: key.mark?.line ?? line, value: value)
                )
            }
            content = .mapping(entries)
        case .alias:
            throw Mistake(line: line, "aliases are not taken; write the value out")
        }
    }

    /// As YAML 1.2 and JSON read it: `no` is a text, and so is 1_000.
    private static func value(of scalar: Node.Scalar) -> JSONValue {
        let text = scalar.string
        guard scalar.style == .plain else { return .string(text) }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: return number(text) ?? .string(text)
        }
    }

    private static func number(_ text: String) -> JSONValue? {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        // One that is out of range for every member.
        return .integer(Int(text) ?? (text == digits ? .max : .min))
    }
}

extension Mistake {
    /// What YAML's reader says of a text. It quotes nothing of it, as that may hold a key.
    fileprivate init(_ error: any Error, in text: String) {
        let (line, sentence) = Self.place(of: error)
        self.init(line: min(line, Self.lastLine(of: text)), sentence)
    }

    private static func place(of error: any Error) -> (line: Int, sentence: String) {
        let unreadable = "the file cannot be read as YAML"
        switch error as? YamlError {
        case .scanner(let context?, let problem, _, _)? where problem == missingColon:
            // It is missed in the line of the key, and found to be missing below.
            return (context.mark.line, "\(unreadable): \(problem)")
        case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?,
            .composer(_, let problem, let mark, _)?:
            return (mark.line, "\(unreadable): \(problem)")
        case .duplicatedKeysInMapping(let names, let context)?:
            let list = names.map { "'\($0)'" }.joined(separator: ", ")
            return (context.mark.line, "a member stands twice in one mapping: \(list)")
        case .reader(let problem, let offset, _, let text)?:
            let before = text.prefix(offset ?? 0)
            return (1 + before.count { $0.isNewline }, "\(unreadable): \(problem)")
        default:
            return (1, unreadable)
        }
    }

    private static let missingColon = "could not find expected ':'"

    /// What is missed at the end of a file is missed there, and not in the blank lines that follow.
    private static func lastLine(of text: String) -> Int {
        let end = text.lastIndex { !$0.isWhitespace } ?? text.startIndex
        return 1 + text[..<end].count { $0.isNewline }
    }
}
