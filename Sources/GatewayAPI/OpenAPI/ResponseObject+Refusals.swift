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
        400: "The request is no HTTP, or its body no JSON.",
        401: "No key, or not one that is known.",
        403: "The key may not do this.",
        404: "It does not exist, or not for this key.",
        409: "The first request with this idempotency key is still being worked on.",
        410: "The journal does not reach back that far.",
        412: "It was changed since.",
        413: "The body is too large.",
        415: "The body is not said to be JSON, or has a content coding.",
        417: "The Expect field has another value than 100-continue.",
        422: "Something in the request is wrong, or cannot be done now. Nothing was changed.",
        429: "Too many requests.",
        500:
            "A fault of the server, of which its log has the cause, or an object that is damaged in its"
            + " database (code 90001): detail says where.",
        501: "The body has another transfer coding than chunked.",
        503: "Not now.",
    ]
}
