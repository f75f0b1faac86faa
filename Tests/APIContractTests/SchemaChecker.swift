import APIContract
import JSON
import OpenAPI

/// Holds JSON against a schema, as far as this API's schemas go. An unknown keyword is a complaint, so
/// that none is passed over in silence.
struct SchemaChecker {
    private let components = Dictionary(
        uniqueKeysWithValues: Contracts.schemas.map { ($0.name, $0.schema.json) }
    )

    /// What the schema does not accept, with its place; none if it accepts all.
    func complaints(about value: JSONValue, _ schema: Schema) -> [String] {
        complaints(about: value, schema.json, at: "")
    }

    private func complaints(
        about value: JSONValue,
        _ schema: JSONObject,
        at place: String
    ) -> [String] {
        schema.members.flatMap { keyword -> [String] in
            let isAccepted: Bool
            switch (keyword.name, keyword.value) {
            case ("description", _), ("examples", _), ("required", _), ("format", "date-time"),
                ("format", "uuid"), ("format", "byte"):
                isAccepted = true
            case ("$ref", .string(let reference)):
                let name = String(reference.split(separator: "/").last ?? "")
                guard let named = components[name] else { return ["\(place): no \(reference)"] }
                return complaints(about: value, named, at: place)
            case ("type", .array(let types)):
                isAccepted = types.contains(.string(value.typeName))
            case ("type", let type):
                isAccepted = type == .string(value.typeName)
            case ("enum", .array(let words)):
                isAccepted = words.contains(value)
            case ("anyOf", .array(let choices)):
                isAccepted = choices.contains { choice in
                    guard case .object(let schema) = choice else { return false }
                    return complaints(about: value, schema, at: place).isEmpty
                }
            case ("minimum", .integer(let bound)):
                isAccepted = value.integer.map { $0 >= bound } ?? true
            case ("maximum", .integer(let bound)):
                isAccepted = value.integer.map { $0 <= bound } ?? true
            case ("minLength", .integer(let bound)):
                isAccepted = value.text.map { $0.unicodeScalars.count >= bound } ?? true
            case ("maxLength", .integer(let bound)):
                isAccepted = value.text.map { $0.unicodeScalars.count <= bound } ?? true
            case ("pattern", .string(let pattern)):
                guard let expression = try? Regex(pattern) else { return ["\(place): \(pattern)"] }
                isAccepted = value.text.map { $0.contains(expression) } ?? true
            case ("items", .object(let element)):
                guard case .array(let elements) = value else { return [] }
                return elements.enumerated().flatMap { index, value in
                    complaints(about: value, element, at: "\(place)/\(index)")
                }
            case ("properties", .object(let properties)):
                guard case .object(let object) = value else { return [] }
                return complaints(about: object, properties, schema["required"], at: place)
            default:
                isAccepted = false
            }
            return isAccepted ? [] : ["\(place): \(keyword.name) refuses \(value.encoded)"]
        }
    }

    /// The API allows members that no schema declares; what it writes has none.
    private func complaints(
        about object: JSONObject,
        _ properties: JSONObject,
        _ required: JSONValue?,
        at place: String
    ) -> [String] {
        var complaints: [String] = []
        if case .array(let names) = required {
            for case .string(let name) in names where object[name] == nil {
                complaints.append("\(place)/\(name): is missing")
            }
        }
        for member in object.members {
            let inner = "\(place)/\(member.name)"
            guard case .object(let schema) = properties[member.name] else {
                complaints.append("\(inner): is not declared")
                continue
            }
            complaints += self.complaints(about: member.value, schema, at: inner)
        }
        return complaints
    }
}

extension JSONValue {
    fileprivate var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .encoded: "text that was not read"
        case .array: "array"
        case .object: "object"
        }
    }

    fileprivate var integer: Int? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    fileprivate var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}
