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

    /// - Parameter step: of which the number has to be a multiple.
    package static func integer(
        _ about: String,
        _ range: ClosedRange<Int>,
        step: Int? = nil
    ) -> Schema {
        var json = JSONObject()
        json.add("type", "integer")
        json.add("description", .string(about))
        json.add("minimum", .integer(range.lowerBound))
        if range.upperBound != .max { json.add("maximum", .integer(range.upperBound)) }
        if let step { json.add("multipleOf", .integer(step)) }
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

    /// The same with what it is in this place.
    package static func named(_ name: String, _ about: String) -> Schema {
        var schema = named(name)
        schema.json.add("description", .string(about))
        return schema
    }

    /// A member of an object.
    package struct Property: Sendable {
        let name: String
        let schema: Schema
        let isOptional: Bool

        /// - Parameter isOptional: whether the member may be absent.
        package init(_ name: String, _ schema: Schema, isOptional: Bool) {
            self.name = name
            self.schema = schema
            self.isOptional = isOptional
        }
    }

    /// A later version may add members, so others than these are allowed.
    package static func object(_ about: String, _ properties: [Property]) -> Schema {
        let required = properties.filter { !$0.isOptional }
        var json = JSONObject()
        json.add("type", "object")
        json.add("description", .string(about))
        if !required.isEmpty { json.add("required", .array(required.map { .string($0.name) })) }
        json.add(
            "properties",
            .object(
                JSONObject(properties.map { .init(name: $0.name, value: .object($0.schema.json)) })
            )
        )
        return Schema(json)
    }

    /// `optional`: members that may be absent.
    package static func object(
        _ about: String,
        _ members: KeyValuePairs<String, Schema>,
        optional: Set<String> = []
    ) -> Schema {
        .object(
            about,
            members.map { Property($0.key, $0.value, isOptional: optional.contains($0.key)) }
        )
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
