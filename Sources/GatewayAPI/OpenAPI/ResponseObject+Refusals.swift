import OpenAPI

/// The answers that refuse something. All have the same body.
extension ResponseObject {
    static let refusals = refusalTexts.map { status, text in refusal(status, text) }

    /// - Precondition: the status is one of `refusalTexts`.
    static func refusal(_ status: Int) -> ResponseObject {
        guard let text = refusalTexts.first(where: { $0.key == status })?.value else {
            preconditionFailure("\(status) is not described")
        }
        return refusal(status, text)
    }

    private static func refusal(_ status: Int, _ text: String) -> ResponseObject {
        ResponseObject(
            text,
            headers: Header.ofRefusals,
            content: ("application/json", .named("Errors")),
            component: "Refused\(status)"
        )
    }

    private static let refusalTexts: KeyValuePairs<Int, String> = [
        400: "The request breaks the rules of HTTP, or its body is not JSON.",
        401: "The request has no API key, or one that does not exist or has expired.",
        403: "The API key may not do this: because of its role, its networks or its organization.",
        404: "The path or the object does not exist, or the API key may not see it.",
        409: "The first request with this idempotency key is still being worked on.",
        410:
            "What is asked for is gone: the journal before a revision, or what a used or expired link led to.",
        412: "The object was changed since the client read it, and nothing was done.",
        413: "The body of the request is larger than 1 MiB.",
        415: "The body is not declared as JSON, or has a content coding.",
        417: "The `expect` field has another value than `100-continue`.",
        422: "A value of the request is wrong, or cannot be taken now, and nothing was changed.",
        429:
            "Too many requests, streams or wrong API keys have come; `retry-after` says when to go on.",
        500: """
        The server has failed, and its log has the cause under the id of the request; or the object is \
        damaged in the database (code 90001), and `detail` says where.
        """,
        501: "The body has another transfer coding than `chunked`.",
        503: "The server cannot do this at the moment, for the reasons in the body.",
    ]
}
