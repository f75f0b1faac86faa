package import JSON
package import WireGuardCrypto

/// A JSON object of the protocol as it is read: bounded, and members of later versions are passed over.
package struct WireObject {
    /// More than any text of the protocol has.
    private static let longestText = 4_096
    /// More than an id or a reason has.
    private static let longestName = 64
    /// More values than the largest line or body has: a report of a hundred thousand peers.
    private static let mostValues = 4_000_000

    private let object: JSONObject

    package init(_ object: JSONObject) {
        self.object = object
    }

    package init(_ bytes: [UInt8]) throws(WireError) {
        guard let json = try? JSONParser.parse(bytes, values: Self.mostValues),
            case .object(let object) = json
        else { throw .notJSON }
        self.object = object
    }

    /// The member that says what kind of line this is.
    package var kind: String { object.members.first?.name ?? "" }

    package func has(_ name: String) -> Bool {
        switch object[name] {
        case nil, .null: false
        default: true
        }
    }

    /// A member by its text.
    package func value<Value: LosslessStringConvertible>(
        _ name: String,
        _ type: Value.Type = Value.self
    ) throws(WireError) -> Value {
        guard let value = Value(try text(name)) else { throw .member(name) }
        return value
    }

    package func optional<Value: LosslessStringConvertible>(
        _ name: String,
        _ type: Value.Type = Value.self
    ) throws(WireError) -> Value? {
        has(name) ? try value(name, type) : nil
    }

    /// A member by what reads its text.
    package func value<Value>(
        _ name: String,
        by parse: (String) throws -> Value
    ) throws(WireError) -> Value {
        let text = try text(name)
        guard let value = try? parse(text) else { throw .member(name) }
        return value
    }

    /// Texts by what reads them; empty where the member is left out.
    package func values<Value>(
        _ name: String,
        by parse: (String) throws -> Value
    ) throws(WireError) -> [Value] {
        try values(name, String.self).map { text throws(WireError) in
            guard let value = try? parse(text) else { throw .member(name) }
            return value
        }
    }

    package func text(_ name: String) throws(WireError) -> String {
        guard case .string(let text) = object[name], text.utf8.count <= Self.longestText else {
            throw .member(name)
        }
        return text
    }

    package func optionalText(_ name: String) throws(WireError) -> String? {
        has(name) ? try text(name) : nil
    }

    package func integer<Value: FixedWidthInteger>(
        _ name: String,
        _ type: Value.Type = Value.self
    ) throws(WireError) -> Value {
        guard case .integer(let number) = object[name], let value = Value(exactly: number) else {
            throw .member(name)
        }
        return value
    }

    package func optionalInteger<Value: FixedWidthInteger>(
        _ name: String,
        _ type: Value.Type = Value.self
    ) throws(WireError) -> Value? {
        has(name) ? try integer(name, type) : nil
    }

    /// False where it is left out.
    package func flag(_ name: String) throws(WireError) -> Bool {
        guard has(name) else { return false }
        guard case .bool(let flag) = object[name] else { throw .member(name) }
        return flag
    }

    package func object(_ name: String) throws(WireError) -> WireObject {
        guard case .object(let object) = object[name] else { throw .member(name) }
        return WireObject(object)
    }

    package func optionalObject(_ name: String) throws(WireError) -> WireObject? {
        has(name) ? try object(name) : nil
    }

    /// Empty where it is left out.
    package func objects(_ name: String) throws(WireError) -> [WireObject] {
        try elements(name).map { element throws(WireError) in
            guard case .object(let object) = element else { throw .member(name) }
            return WireObject(object)
        }
    }

    /// Texts of one kind; empty where it is left out.
    package func values<Value: LosslessStringConvertible>(
        _ name: String,
        _ type: Value.Type = Value.self
    ) throws(WireError) -> [Value] {
        try elements(name).map { element throws(WireError) in
            guard case .string(let text) = element, text.utf8.count <= Self.longestText,
                let value = Value(text)
            else { throw .member(name) }
            return value
        }
    }

    /// Names, and numbers that are not negative; empty where it is left out.
    package func numbers(_ name: String) throws(WireError) -> [(name: String, number: Int)] {
        guard has(name) else { return [] }
        guard case .object(let object) = object[name] else { throw .member(name) }
        return try object.members.map { member throws(WireError) in
            guard case .integer(let number) = member.value, number >= 0,
                member.name.utf8.count <= Self.longestName
            else { throw .member(name) }
            return (member.name, number)
        }
    }

    package func publicKey(_ name: String) throws(WireError) -> PublicKey {
        guard let key = PublicKey(base64: try text(name)) else { throw .member(name) }
        return key
    }

    private func elements(_ name: String) throws(WireError) -> [JSONValue] {
        guard has(name) else { return [] }
        guard case .array(let elements) = object[name] else { throw .member(name) }
        return elements
    }
}
