import JSON

/// An answer of an operation: what it means, and what it carries.
package struct ResponseObject: Sendable {
    private let about: String
    private let headers: [Header]
    private let content: (mediaType: String, schema: Schema)?
    /// The name among the document's components that many operations refer to it by; nil for an
    /// answer that is written out in its one operation.
    let component: String?

    /// - Parameter content: nil for an answer without a body.
    package init(
        _ about: String,
        headers: [Header],
        content: (mediaType: String, schema: Schema)?,
        component: String? = nil
    ) {
        self.about = about
        self.headers = headers
        self.content = content
        self.component = component
    }

    var json: JSONValue {
        var object = JSONObject()
        object.add("description", .string(about))
        object.add("headers", .object(JSONObject(headers.map(\.reference))))
        if let content {
            let schema: JSONValue = ["schema": .object(content.schema.json)]
            object.add(
                "content",
                .object(JSONObject([.init(name: content.mediaType, value: schema)]))
            )
        }
        return .object(object)
    }

    var reference: JSONValue {
        guard let component else { return json }
        return ["$ref": .string("#/components/responses/\(component)")]
    }
}
