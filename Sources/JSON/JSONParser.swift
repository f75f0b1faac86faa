/// A strict reader of RFC 8259 text for bodies from strangers: nesting is bounded, because every
/// level costs stack, and a repeated member is an error, because two readers would disagree on it.
package struct JSONParser {
    package static let maximumDepth = 64

    private let bytes: [UInt8]
    private let maximumValues: Int
    private var position = 0
    private var values = 0
    private var depth = 0

    /// - Parameter values: how many there may be; each takes many times the memory of its text.
    package static func parse(
        _ bytes: [UInt8],
        values: Int = .max
    ) throws(JSONError) -> JSONValue {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
        var parser = JSONParser(bytes: bytes, maximumValues: values)
        return try parser.document()
    }

    private init(bytes: [UInt8], maximumValues: Int) {
        self.bytes = bytes
        self.maximumValues = maximumValues
    }

    private mutating func document() throws(JSONError) -> JSONValue {
        skipBlanks()
        let value = try value()
        skipBlanks()
        guard position == bytes.count else { throw malformed("unexpected text after the value") }
        return value
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        values += 1
        guard values <= maximumValues else { throw malformed("more than \(maximumValues) values") }
        guard let current else { throw malformed("the text ends too early") }
        switch current {
        case UInt8(ascii: "{"):
            return try nested { parser throws(JSONError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw malformed("expected a value")
        }
    }

    private mutating func nested(
        _ read: (inout JSONParser) throws(JSONError) -> JSONValue
    ) throws(JSONError) -> JSONValue {
        guard depth < Self.maximumDepth else {
            throw malformed("nested deeper than \(Self.maximumDepth) levels")
        }
        depth += 1
        defer { depth -= 1 }
        return try read(&self)
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        var members: [JSONObject.Member] = []
        var names: Set<String> = []
        position += 1
        skipBlanks()
        if take("}") { return .object(JSONObject()) }
        while true {
            guard current == UInt8(ascii: "\"") else { throw malformed("expected a member name") }
            let start = position
            let name = try string()
            guard names.insert(name).inserted else {
                throw .malformed("a member occurs twice", offset: start)
            }
            skipBlanks()
            guard take(":") else { throw malformed("expected a colon") }
            skipBlanks()
            members.append(JSONObject.Member(name: name, value: try value()))
            skipBlanks()
            if take("}") { return .object(JSONObject(members)) }
            guard take(",") else { throw malformed("expected a comma or a closing brace") }
            skipBlanks()
        }
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        var elements: [JSONValue] = []
        position += 1
        skipBlanks()
        if take("]") { return .array([]) }
        while true {
            elements.append(try value())
            skipBlanks()
            if take("]") { return .array(elements) }
            guard take(",") else { throw malformed("expected a comma or a closing bracket") }
            skipBlanks()
        }
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = bytes[start..<position]
        if let integer = JSONNumber.integer(text) { return .integer(integer) }
        return .number(String(decoding: text, as: UTF8.self))
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            position += 1
        }
        guard position > start else { throw malformed("expected a digit") }
    }

    private mutating func string() throws(JSONError) -> String {
        var reader = JSONStringReader(bytes: bytes, position: position + 1)
        let text = try reader.read()
        position = reader.position
        return text
    }

    private mutating func word(
        _ text: StaticString,
        _ value: JSONValue
    ) throws(JSONError) -> JSONValue {
        for byte in text.description.utf8 {
            guard current == byte else { throw malformed("expected a value") }
            position += 1
        }
        return value
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            position += 1
        }
    }

    private var current: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private func malformed(_ reason: String) -> JSONError {
        .malformed(reason, offset: position)
    }
}

package enum JSONError: Error, Equatable {
    case notUTF8
    /// The reason never quotes the text: a body may hold a key.
    case malformed(String, offset: Int)
}
