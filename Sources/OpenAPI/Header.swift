import JSON

/// What an answer carries beside its body. It is described once among the document's components.
package struct Header: Sendable {
    private let name: String
    let component: String
    private let isRequired: Bool
    private let schema: Schema

    /// - Parameters:
    ///   - name: on the wire, in lower case.
    ///   - component: its name among the document's components.
    ///   - isRequired: whether every answer that may have it has it.
    package init(_ name: String, component: String, isRequired: Bool, _ schema: Schema) {
        self.name = name
        self.component = component
        self.isRequired = isRequired
        self.schema = schema
    }

    var json: JSONValue {
        ["required": .bool(isRequired), "schema": .object(schema.json)]
    }

    var reference: JSONObject.Member {
        .init(name: name, value: ["$ref": .string("#/components/headers/\(component)")])
    }
}
