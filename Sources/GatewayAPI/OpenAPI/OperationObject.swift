import HTTPTypes
import JSON

/// One operation as it stands in the document: what it says, and what follows from it.
struct OperationObject {
    private let operation: Operation
    private let method: HTTPRequest.Method
    private let path: String
    private let isGuarded: Bool

    init(
        _ operation: Operation,
        _ method: HTTPRequest.Method,
        _ path: String,
        _ isGuarded: Bool
    ) {
        self.operation = operation
        self.method = method
        self.path = path
        self.isGuarded = isGuarded
    }

    var json: JSONValue {
        var object = JSONObject()
        object.add("operationId", .string(operation.id))
        object.add("summary", .string(operation.summary))
        object.add("security", isGuarded ? [["api_key": []]] : [])
        let parameters = self.parameters.map(\.reference)
        if !parameters.isEmpty { object.add("parameters", .array(parameters)) }
        if let body = operation.body {
            object.add(
                "requestBody",
                [
                    "required": .bool(true),
                    "content": ["application/json": ["schema": .object(Schema.named(body).json)]],
                ]
            )
        }
        object.add("responses", .object(responses))
        return .object(object)
    }

    private var parameters: [Parameter] {
        var all = operation.parameters
        if path.contains("{id}") { all.insert(.id, at: 0) }
        if isGuarded, path.hasPrefix("/v2/") { all.append(.organization) }
        if method == .post { all.append(.idempotencyKey) }
        if operation.hasTag { all.append(.ifNoneMatch) }
        if operation.isConditional { all.append(.ifMatch) }
        return all
    }

    private var responses: JSONObject {
        var responses = JSONObject()
        var about = "Done."
        if case .text(_, let text) = operation.result { about = text }
        responses.add(
            "\(operation.status)",
            [
                "description": .string(about), "headers": .object(successHeaders),
                "content": content,
            ]
        )
        if operation.hasTag {
            responses.add(
                "304",
                [
                    "description": "It still has the entity tag.",
                    "headers": .object(successHeaders),
                ]
            )
        }
        for status in refusals.sorted() {
            responses.add("\(status)", Refusals.reference(status))
        }
        return responses
    }

    private var content: JSONValue {
        switch operation.result {
        case .object(let name):
            Self.jsonContent(.object("One object.", ["data": .named(name)]))
        case .page(let name):
            Self.jsonContent(
                .object(
                    "A page of a list.",
                    ["data": .array("The objects.", of: .named(name)), "meta": .named("PageMeta")]
                )
            )
        case .list(let name):
            Self.jsonContent(
                .object("A list.", ["data": .array("The objects.", of: .named(name))])
            )
        case .json(let schema):
            Self.jsonContent(schema)
        case .text(let mediaType, let about):
            .object(
                JSONObject([
                    .init(name: mediaType, value: ["schema": .object(Schema.string(about).json)])
                ])
            )
        }
    }

    private var successHeaders: JSONObject {
        JSONObject(
            Headers.ofEveryAnswer + (isGuarded ? Headers.ofAnswersToKeys : [])
                + (operation.hasTag ? Headers.entityTag : [])
        )
    }

    private var refusals: Set<Int> {
        var statuses = Set(operation.refusals + [400, 417, 501])
        if isGuarded { statuses.formUnion([401, 403, 404, 429, 500]) }
        if operation.body != nil { statuses.formUnion([413, 415, 422, 503]) }
        if operation.parameters.contains(where: { $0.place == .query }) { statuses.insert(422) }
        if method == .post { statuses.formUnion([409]) }
        if method == .delete { statuses.insert(422) }
        if operation.isConditional { statuses.insert(412) }
        return statuses
    }

    private static func jsonContent(_ schema: Schema) -> JSONValue {
        ["application/json": ["schema": .object(schema.json)]]
    }
}
