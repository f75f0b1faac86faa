package import JSON

/// Puts an object of the protocol together. What is not there is not written: each byte counts on a
/// line of 1 kbit/s.
package struct WireWriter {
    private var object = JSONObject()

    package init() {}

    package var json: JSONValue { .object(object) }

    package var isEmpty: Bool { object.members.isEmpty }

    package mutating func add(_ name: String, _ value: JSONValue?) {
        guard let value else { return }
        object.add(name, value)
    }

    package mutating func add(_ name: String, text: (some CustomStringConvertible)?) {
        guard let text else { return }
        object.add(name, .string(text.description))
    }

    package mutating func add(_ name: String, number: (some BinaryInteger)?) {
        guard let number else { return }
        object.add(name, .integer(Int(clamping: number)))
    }

    /// Of a counter, which is left out where it is zero.
    package mutating func add(_ name: String, count: some BinaryInteger) {
        guard count != 0 else { return }
        object.add(name, .integer(Int(clamping: count)))
    }

    package mutating func add(_ name: String, flag: Bool) {
        guard flag else { return }
        object.add(name, .bool(true))
    }

    package mutating func add(_ name: String, texts: [some CustomStringConvertible]) {
        guard !texts.isEmpty else { return }
        object.add(name, .array(texts.map { .string($0.description) }))
    }

    package mutating func add(_ name: String, list: [JSONValue]) {
        guard !list.isEmpty else { return }
        object.add(name, .array(list))
    }
}

extension JSONValue {
    /// As one line, with its end.
    package var line: [UInt8] { encodedBytes + [UInt8(ascii: "\n")] }
}
