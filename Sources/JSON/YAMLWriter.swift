extension JSONValue {
    /// The same value as a YAML document in block style, members in their order, with a newline at the end.
    /// A string stands in quotes where any reader of YAML 1.1 or 1.2 could take it for something else.
    package var yaml: String {
        var text = ""
        switch self {
        case .object(let object) where !object.members.isEmpty:
            Self.write(object, indent: 0, to: &text)
        case .array(let elements) where !elements.isEmpty:
            Self.write(elements, indent: 0, to: &text)
        default:
            writeYAMLScalar(to: &text)
            text += "\n"
        }
        return text
    }

    private static func write(_ object: JSONObject, indent: Int, to text: inout String) {
        for (index, member) in object.members.enumerated() {
            // The first member of an element stands behind its hyphen.
            if index > 0 || text.last == "\n" || text.isEmpty { pad(indent, &text) }
            writePlainOrQuoted(member.name, to: &text)
            text += ":"
            switch member.value {
            case .object(let inner) where !inner.members.isEmpty:
                text += "\n"
                write(inner, indent: indent + 2, to: &text)
            case .array(let elements) where !elements.isEmpty:
                text += "\n"
                write(elements, indent: indent, to: &text)
            default:
                text += " "
                member.value.writeYAMLScalar(to: &text)
                text += "\n"
            }
        }
    }

    private static func write(_ elements: [JSONValue], indent: Int, to text: inout String) {
        for (index, element) in elements.enumerated() {
            if index > 0 || text.last == "\n" || text.isEmpty { pad(indent, &text) }
            text += "- "
            switch element {
            case .object(let object) where !object.members.isEmpty:
                write(object, indent: indent + 2, to: &text)
            case .array(let inner) where !inner.isEmpty:
                write(inner, indent: indent + 2, to: &text)
            default:
                element.writeYAMLScalar(to: &text)
                text += "\n"
            }
        }
    }

    private static func pad(_ indent: Int, _ text: inout String) {
        text.append(contentsOf: repeatElement(" ", count: indent))
    }

    /// JSON's text of any other value is YAML, too.
    private func writeYAMLScalar(to text: inout String) {
        guard case .string(let string) = self else {
            text += encoded
            return
        }
        Self.writePlainOrQuoted(string, to: &text)
    }

    private static func writePlainOrQuoted(_ string: String, to text: inout String) {
        text += isPlain(string) ? string : JSONValue.string(string).encoded
    }

    /// Whether a reader takes the bare text for this string: a name, an address, a key.
    private static func isPlain(_ string: String) -> Bool {
        let bytes = string.utf8
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 128 else {
            return false
        }
        // No indicator of YAML begins with one of these.
        guard isLetter(first) || isDigit(first) || first == UInt8(ascii: "/") else { return false }
        guard last != UInt8(ascii: " "), last != UInt8(ascii: ":") else { return false }
        var previous = first
        for byte in bytes {
            switch byte {
            case _ where isLetter(byte) || isDigit(byte): break
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"),
                UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "@"):
                break
            case UInt8(ascii: " ") where previous != UInt8(ascii: ":"): break
            default: return false
            }
            previous = byte
        }
        return !isWord(string) && !looksLikeANumber(string)
    }

    /// Words that mean a truth value or nothing in one of the versions of YAML.
    private static func isWord(_ string: String) -> Bool {
        string.utf8.count <= 5
            && ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(
                string.lowercased()
            )
    }

    /// Numbers, times and dates have digits and these signs only, or begin like `0x`.
    private static func looksLikeANumber(_ string: String) -> Bool {
        guard let first = string.utf8.first, isDigit(first) else { return false }
        let second = string.utf8.dropFirst().first
        if first == UInt8(ascii: "0"),
            second == UInt8(ascii: "x") || second == UInt8(ascii: "o")
                || second == UInt8(ascii: "b")
        {
            return true
        }
        return string.utf8.allSatisfy { byte in
            isDigit(byte)
                || [
                    UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"),
                    UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "T"),
                    UInt8(ascii: "Z"), UInt8(ascii: " "),
                ].contains(byte)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
