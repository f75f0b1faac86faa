import JSON

/// What an operation takes beside its body.
package struct Parameter: Sendable {
    package enum Place: String, Sendable { case path, query, header }

    package let name: String
    package let place: Place
    private let about: String
    private let schema: Schema
    private let isRequired: Bool
    /// The name among the document's components that many operations refer to it by; nil for a
    /// parameter that is written out in its one operation.
    let component: String?

    package init(
        name: String,
        place: Place,
        about: String,
        schema: Schema,
        isRequired: Bool = false,
        component: String? = nil
    ) {
        self.name = name
        self.place = place
        self.about = about
        self.schema = schema
        self.isRequired = isRequired || place == .path
        self.component = component
    }

    package static func query(
        _ name: String,
        _ about: String,
        _ schema: Schema,
        isRequired: Bool = false
    ) -> Parameter {
        Parameter(name: name, place: .query, about: about, schema: schema, isRequired: isRequired)
    }

    package static func filter(_ key: String, _ about: String, _ schema: Schema) -> Parameter {
        .query("filter[\(key)]", about, schema)
    }

    var json: JSONValue {
        var object = JSONObject()
        object.add("name", .string(name))
        object.add("in", .string(place.rawValue))
        object.add("description", .string(about))
        object.add("required", .bool(isRequired))
        object.add("schema", .object(schema.json))
        return .object(object)
    }

    var reference: JSONValue {
        guard let component else { return json }
        return ["$ref": .string("#/components/parameters/\(component)")]
    }
}
