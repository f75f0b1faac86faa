import JSON

/// The answers that refuse something. All have the same body.
enum Refusals {
    static let all = texts.map { status, text -> JSONObject.Member in
        .init(
            name: name(status),
            value: [
                "description": .string(text),
                "headers": .object(JSONObject(Headers.ofRefusals)),
                "content": ["application/json": ["schema": .object(Schema.named("Errors").json)]],
            ]
        )
    }

    /// - Precondition: the status is one of `texts`.
    static func reference(_ status: Int) -> JSONValue {
        precondition(texts.contains { $0.key == status }, "\(status) is not described")
        return ["$ref": .string("#/components/responses/\(name(status))")]
    }

    private static func name(_ status: Int) -> String { "Refused\(status)" }

    private static let texts: KeyValuePairs<Int, String> = [
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
        500: "A fault of the server. Its log has the cause.",
        501: "The body has another transfer coding than chunked.",
        503: "Not now.",
    ]
}
