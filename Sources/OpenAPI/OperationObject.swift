import JSON

/// One operation as it stands in the document.
package struct OperationObject: Sendable {
    /// Names the operation in generated clients.
    private let id: String
    private let summary: String
    /// Its description.
    private let about: String
    /// The scheme that its callers authenticate with; nil for an operation that is for everybody.
    private let securityScheme: String?
    private let parameters: [Parameter]
    /// Of a body in JSON, without which the operation is refused; nil where it takes none.
    private let body: Schema?
    /// In the order of their statuses.
    private let responses: [(status: Int, response: ResponseObject)]

    package init(
        id: String,
        summary: String,
        about: String,
        securityScheme: String?,
        parameters: [Parameter],
        body: Schema?,
        responses: [(status: Int, response: ResponseObject)]
    ) {
        self.id = id
        self.summary = summary
        self.about = about
        self.securityScheme = securityScheme
        self.parameters = parameters
        self.body = body
        self.responses = responses
    }

    var json: JSONValue {
        var object = JSONObject()
        object.add("operationId", .string(id))
        object.add("summary", .string(summary))
        object.add("description", .string(about))
        object.add(
            "security",
            .array(securityScheme.map { [.object(JSONObject([.init(name: $0, value: [])]))] } ?? [])
        )
        if !parameters.isEmpty { object.add("parameters", .array(parameters.map(\.reference))) }
        if let body {
            object.add(
                "requestBody",
                [
                    "required": .bool(true),
                    "content": ["application/json": ["schema": .object(body.json)]],
                ]
            )
        }
        object.add(
            "responses",
            .object(
                JSONObject(
                    responses.map { .init(name: "\($0.status)", value: $0.response.reference) }
                )
            )
        )
        return .object(object)
    }
}
