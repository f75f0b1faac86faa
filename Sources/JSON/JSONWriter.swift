/// JSON text that grows, in UTF-8, as it goes into a body. A long answer is written into it piece by piece and
/// is never a `JSONValue` as a whole. Members stand in the order in which they are written.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []

    /// - Parameter capacity: the number of bytes for which there is room from the start.
    package init(capacity: Int = 1_024) {
        bytes.reserveCapacity(capacity)
    }

    package mutating func object(_ writeMembers: (inout JSONWriter) -> Void) {
        bytes.append(UInt8(ascii: "{"))
        writeMembers(&self)
        bytes.append(UInt8(ascii: "}"))
    }

    /// The value of the member is what is written next.
    package mutating func member(_ name: JSONName) {
        separateMember()
        bytes.append(contentsOf: name.text)
    }

    mutating func member(_ name: String) {
        separateMember()
        append(quoting: name)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func separateMember() {
        // Nothing but the beginning of an object ends with a brace that opens.
        if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
    }

    package mutating func array(_ elements: some Sequence<some JSONWritable>) {
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            element.write(to: &self)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    mutating func append(quoting text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { text in
            // Nearly no string has a byte that needs an escape.
            if text.contains(where: Self.needsEscape) {
                for byte in text { append(escaping: byte) }
            } else {
                bytes.append(contentsOf: text)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(escaping byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\r"): append("\\r")
        case UInt8(ascii: "\t"): append("\\t")
        case 0..<0x20:
            let digits = String(byte, radix: 16)
            append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
        default: bytes.append(byte)
        }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
}

/// The name of a member as it stands in JSON text, with the colon behind it.
package struct JSONName: Sendable {
    let text: [UInt8]

    package init(_ name: String) {
        var writer = JSONWriter()
        writer.append(quoting: name)
        writer.append(":")
        text = writer.bytes
    }
}

/// What has one way to stand in JSON.
package protocol JSONWritable {
    func write(to json: inout JSONWriter)
}

extension JSONWritable {
    /// Compact text in UTF-8, as it goes into a body.
    package var encodedBytes: [UInt8] {
        var json = JSONWriter()
        write(to: &json)
        return json.bytes
    }
}

extension JSONValue: JSONWritable {
    package func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.append("null")
        case .bool(let flag): json.append(flag ? "true" : "false")
        case .integer(let number): json.append(String(number))
        case .number(let spelled): json.append(spelled)
        case .encoded(let written): json.append(written)
        case .string(let string): json.append(quoting: string)
        case .array(let elements): json.array(elements)
        case .object(let object):
            json.object { json in
                for member in object.members {
                    json.member(member.name)
                    member.value.write(to: &json)
                }
            }
        }
    }

    /// Compact text, members in the order they were given.
    package var encoded: String { String(decoding: encodedBytes, as: UTF8.self) }
}
