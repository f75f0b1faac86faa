import OpenAPI

/// What the document says about an endpoint. The operations of each resource are in a file of their
/// own; what all have in common follows in `Operation+Object.swift`.
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
    /// What it does, in one sentence.
    let summary: String
    /// How it does that, what it asks of the objects, and what happens afterwards.
    let about: String
    let access: Access
    var parameters: [Parameter] = []
    /// The name of the schema of the request's body.
    var body: String?
    var status = 200
    /// What the answer with that status says.
    let answer: String
    let result: Result
    /// The object that is answered has an entity tag.
    var hasTag = false
    /// It may be asked for only if the object still has an entity tag.
    var isConditional = false
    /// A POST that may be sent again without an idempotency key, since it makes nothing.
    var makesNothing = false
    /// Statuses beside those that follow from the rest.
    var refusals: [Int] = []
}

extension Operation {
    /// A page of a list.
    static func list(
        _ id: String,
        _ summary: String,
        _ about: String,
        for access: Access = .anyKey,
        of schema: String,
        _ filters: [Parameter] = []
    ) -> Operation {
        Operation(
            id: id,
            summary: summary,
            about: about,
            access: access,
            parameters: filters + [.pageNumber, .pageSize],
            answer: "One page of the list, and where it stands in the list.",
            result: .page(schema)
        )
    }

    static func show(
        _ id: String,
        _ summary: String,
        _ about: String,
        for access: Access = .anyKey,
        _ schema: String
    ) -> Operation {
        Operation(
            id: id,
            summary: summary,
            about: about,
            access: access,
            answer: "The object as it is now, with its entity tag.",
            result: .object(schema),
            hasTag: true
        )
    }

    /// - Parameters:
    ///   - body: the schema of what is asked for.
    ///   - status: 202 where the object goes on changing after the answer.
    static func create(
        _ id: String,
        _ summary: String,
        _ about: String,
        for access: Access,
        _ body: String,
        _ schema: String,
        status: Int = 200
    ) -> Operation {
        Operation(
            id: id,
            summary: summary,
            about: about,
            access: access,
            body: body,
            status: status,
            answer: status == 202
                ? "The new object, which is stored and is being set up."
                : "The new object as it is stored.",
            result: .object(schema)
        )
    }

    static func change(
        _ id: String,
        _ summary: String,
        _ about: String,
        for access: Access,
        _ body: String,
        _ schema: String
    ) -> Operation {
        Operation(
            id: id,
            summary: summary,
            about: about,
            access: access,
            body: body,
            answer: "The object as it is after the change.",
            result: .object(schema),
            isConditional: true
        )
    }

    static func delete(
        _ id: String,
        _ summary: String,
        _ about: String,
        for access: Access,
        _ schema: String
    ) -> Operation {
        Operation(
            id: id,
            summary: summary,
            about: about,
            access: access,
            answer: "The deleted object in its last state.",
            result: .object(schema),
            isConditional: true
        )
    }

    /// The same with parameters of its own.
    func taking(_ parameters: [Parameter]) -> Operation {
        var operation = self
        operation.parameters += parameters
        return operation
    }
}
