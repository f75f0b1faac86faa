package import JSON

/// A JSON Schema (draft 2020-12, which OpenAPI 3.1 uses), built from the few shapes that the API has.
package struct Schema: Sendable {
    package private(set) var json: JSONObject

    private init(_ json: JSONObject) {
        self.json = json
    }

    package static func string(
        _ about: String,
        format: String? = nil,
        pattern: String? = nil,
        length: ClosedRange<Int>? = nil,
        example: JSONValue? = nil
    ) -> Schema {
        var json = JSONObject()
        json.add("type", "string")
        json.add("description", .string(about))
        if let format { json.add("format", .string(format)) }
        if let pattern { json.add("pattern", .string(pattern)) }
        if let length {
            json.add("minLength", .integer(length.lowerBound))
            json.add("maxLength", .integer(length.upperBound))
        }
        if let example { json.add("examples", .array([example])) }
        return Schema(json)
    }

    package static func id(_ about: String) -> Schema {
        .string(about, format: "uuid", example: "6a09e667-f3bc-4908-b2fb-1366ea957d3e")
    }

    package static func time(_ about: String) -> Schema {
        .string(about, format: "date-time", example: "2026-01-31T12:00:00.000000Z")
    }

    package static func key(_ about: String) -> Schema {
        .string(about, pattern: "^[A-Za-z0-9+/]{43}=$")
    }

    package static func name(_ about: String) -> Schema {
        .string(about, length: 1...255, example: "office")
    }

    package static func integer(_ about: String, _ range: ClosedRange<Int>) -> Schema {
        var json = JSONObject()
        json.add("type", "integer")
        json.add("description", .string(about))
        json.add("minimum", .integer(range.lowerBound))
        if range.upperBound != .max { json.add("maximum", .integer(range.upperBound)) }
        return Schema(json)
    }

    package static func count(_ about: String) -> Schema {
        .integer(about, 0...Int.max)
    }

    package static func bool(_ about: String) -> Schema {
        Schema(["type": "boolean", "description": .string(about)])
    }

    package static func word(_ about: String, _ words: [String]) -> Schema {
        Schema([
            "type": "string", "description": .string(about),
            "enum": .array(words.map { .string($0) }),
        ])
    }

    /// Tells the kinds of objects apart.
    package static func recordType(_ word: String) -> Schema {
        .word("Says what this is.", [word])
    }

    package static func array(_ about: String, of element: Schema) -> Schema {
        Schema(["type": "array", "description": .string(about), "items": .object(element.json)])
    }

    package static func either(_ about: String, _ choices: [Schema]) -> Schema {
        Schema([
            "description": .string(about),
            "anyOf": .array(choices.map { .object($0.json) }),
        ])
    }

    package static let null = Schema(["type": "null"])

    /// A schema of the document's `components`, by its name.
    package static func named(_ name: String) -> Schema {
        Schema(["$ref": .string("#/components/schemas/\(name)")])
    }

    /// `optional`: members that may be absent. A later version may add members, so others
    /// than these are allowed.
    package static func object(
        _ about: String,
        _ members: KeyValuePairs<String, Schema>,
        optional: Set<String> = []
    ) -> Schema {
        let required = members.map(\.key).filter { !optional.contains($0) }
        var json = JSONObject()
        json.add("type", "object")
        json.add("description", .string(about))
        if !required.isEmpty { json.add("required", .array(required.map { .string($0) })) }
        json.add(
            "properties",
            .object(
                JSONObject(members.map { .init(name: $0.key, value: .object($0.value.json)) })
            )
        )
        return Schema(json)
    }

    /// The same, or `null`.
    package var orNull: Schema {
        guard json["type"] != nil else {
            return Schema(["anyOf": .array([.object(json), ["type": "null"]])])
        }
        return Schema(
            JSONObject(
                json.members.map { member in
                    switch (member.name, member.value) {
                    case ("type", let type):
                        .init(name: member.name, value: .array([type, "null"]))
                    case ("enum", .array(let words)):
                        .init(name: member.name, value: .array(words + [.null]))
                    default: member
                    }
                }
            )
        )
    }
}

extension Schema {
    private init(_ literal: JSONValue) {
        guard case .object(let object) = literal else {
            preconditionFailure("a schema is an object")
        }
        self.init(object)
    }
}
