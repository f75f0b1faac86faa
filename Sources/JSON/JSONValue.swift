/// A JSON value as it stands on the wire. The API reads bodies into it and writes answers from it:
/// a body with five mistakes gets all five reported, which a decoder that stops at the first of
/// them can not do, and an answer keeps its members in the documented order.
package enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    /// A number without a fractional part, however it is spelled. One too large for `Int` is read as the nearest
    /// `Int`, so that it is refused as out of range and not as something other than a number.
    case integer(Int)
    /// Any other number, as spelled.
    case number(String)
    case string(String)
    /// The text of a value, as this server wrote it before.
    case encoded(String)
    case array([JSONValue])
    case object(JSONObject)
}

package struct JSONObject: Equatable, Sendable {
    package struct Member: Equatable, Sendable {
        package let name: String
        package let value: JSONValue

        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// In the order of the text. Names are unique: the parser refuses a second one.
    package var members: [Member]

    package init(_ members: [Member] = []) {
        self.members = members
    }

    package subscript(name: String) -> JSONValue? {
        members.first { $0.name == name }?.value
    }

    package mutating func add(_ name: String, _ value: JSONValue) {
        members.append(Member(name: name, value: value))
    }
}

extension JSONValue {
    package static func string(_ text: (some CustomStringConvertible)?) -> JSONValue {
        text.map { .string($0.description) } ?? .null
    }

    package static func integer(_ number: (some BinaryInteger)?) -> JSONValue {
        number.map { .integer(Int(clamping: $0)) } ?? .null
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
    ExpressibleByStringLiteral
{
    package init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(JSONObject(members.map { JSONObject.Member(name: $0.0, value: $0.1) }))
    }

    package init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }

    package init(stringLiteral text: String) {
        self = .string(text)
    }
}
