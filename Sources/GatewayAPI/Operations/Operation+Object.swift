import HTTPTypes
import OpenAPI

/// What follows for every operation from its method, its path and whom it is for.
extension Operation {
    func object(_ method: HTTPRequest.Method, _ path: String) -> OperationObject {
        OperationObject(
            id: id,
            summary: summary,
            about: about + " " + access.sentence,
            securityScheme: access.isGuarded ? Document.securityScheme : nil,
            parameters: parameters(method, path),
            body: body.map { .named($0) },
            responses: successes + refusals(method).sorted().map { ($0, .refusal($0)) }
        )
    }

    private func parameters(_ method: HTTPRequest.Method, _ path: String) -> [Parameter] {
        var all = parameters
        if path.contains("{id}") { all.insert(.id, at: 0) }
        if path.contains("{code}") { all.insert(.regionCode, at: 0) }
        if access.isGuarded, path.hasPrefix("/v2/") { all.append(.organization) }
        if takesIdempotencyKey(method) { all.append(.idempotencyKey) }
        if hasTag { all.append(.ifNoneMatch) }
        if isConditional { all.append(.ifMatch) }
        return all
    }

    private func takesIdempotencyKey(_ method: HTTPRequest.Method) -> Bool {
        method == .post && access.isGuarded && !makesNothing
    }

    private var successes: [(status: Int, response: ResponseObject)] {
        let headers =
            [.requestID] + (access.isGuarded ? Header.ofAnswersToKeys : [])
            + (hasTag ? [.entityTag] : [])
        let done = ResponseObject(answer, headers: headers, content: content)
        guard hasTag else { return [(status, done)] }
        let isUnchanged = ResponseObject(
            "The object still has the entity tag that the request names.",
            headers: headers,
            content: nil
        )
        return [(status, done), (304, isUnchanged)]
    }

    private var content: (mediaType: String, schema: Schema) {
        switch result {
        case .object(let name):
            Self.json(.object("An envelope around one object.", ["data": .named(name)]))
        case .page(let name):
            Self.json(
                .object(
                    "One page of a list in its envelope.",
                    [
                        "data": .array("The objects of this page, in order.", of: .named(name)),
                        "meta": .named("PageMeta"),
                    ]
                )
            )
        case .list(let name):
            Self.json(
                .object(
                    "A whole list in its envelope.",
                    ["data": .array("The objects of the list, in order.", of: .named(name))]
                )
            )
        case .json(let schema):
            Self.json(schema)
        case .text(let mediaType, let about):
            (mediaType, .string(about))
        }
    }

    private static func json(_ schema: Schema) -> (mediaType: String, schema: Schema) {
        ("application/json", schema)
    }

    private func refusals(_ method: HTTPRequest.Method) -> Set<Int> {
        var statuses = Set(refusals + [400, 417, 501])
        if access.isGuarded { statuses.formUnion([401, 403, 404, 429, 500]) }
        if body != nil { statuses.formUnion([413, 415, 422, 503]) }
        if parameters.contains(where: { $0.place == .query }) { statuses.insert(422) }
        if takesIdempotencyKey(method) { statuses.insert(409) }
        if method == .delete { statuses.insert(422) }
        if isConditional { statuses.insert(412) }
        return statuses
    }
}
