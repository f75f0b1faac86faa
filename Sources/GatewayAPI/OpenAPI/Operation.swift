import OpenAPI

/// What the document says about an endpoint.
struct Operation: Sendable {
    enum Result: Sendable {
        /// One object in its envelope.
        case object(String)
        /// A page of a list.
        case page(String)
        /// A list without pages.
        case list(String)
        /// Any JSON of its own.
        case json(Schema)
        case text(mediaType: String, String)
    }

    /// Names the operation in generated clients.
    let id: String
    let summary: String
    var parameters: [Parameter] = []
    /// The name of the schema of the request's body.
    var body: String?
    var status = 200
    let result: Result
    /// The object that is answered has an entity tag.
    var hasTag = false
    /// It may be asked for only if the object still has an entity tag.
    var isConditional = false
    /// Statuses beside those that follow from the rest.
    var refusals: [Int] = []
}

extension Operation {
    /// A page of a list.
    static func list(
        _ id: String,
        _ summary: String,
        of schema: String,
        _ filters: [Parameter] = []
    ) -> Operation {
        Operation(
            id: id,
            summary: summary,
            parameters: filters + [.pageNumber, .pageSize],
            result: .page(schema)
        )
    }

    static func show(_ id: String, _ summary: String, _ schema: String) -> Operation {
        Operation(id: id, summary: summary, result: .object(schema), hasTag: true)
    }

    /// `body`: the schema of what is asked for.
    static func create(
        _ id: String,
        _ summary: String,
        _ body: String,
        _ schema: String,
        status: Int = 200
    ) -> Operation {
        Operation(
            id: id,
            summary: summary,
            body: body,
            status: status,
            result: .object(schema)
        )
    }

    static func change(
        _ id: String,
        _ summary: String,
        _ body: String,
        _ schema: String
    ) -> Operation {
        Operation(
            id: id,
            summary: summary,
            body: body,
            result: .object(schema),
            isConditional: true
        )
    }

    static func delete(_ id: String, _ summary: String, _ schema: String) -> Operation {
        Operation(id: id, summary: summary, result: .object(schema), isConditional: true)
    }
}
