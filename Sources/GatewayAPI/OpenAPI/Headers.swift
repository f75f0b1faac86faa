import JSON

/// What answers carry beside their bodies.
enum Headers {
    static let all = [
        member(
            "RequestID",
            isRequired: true,
            .string("Names the request in the server's log.")
        ),
        member("EntityTag", isRequired: true, .string("A weak validator of the object.")),
        member("RateLimit", isRequired: false, .count("Requests that the key may make at once.")),
        member("RateRemaining", isRequired: false, .count("How many of them are left.")),
        member("RateReset", isRequired: false, .count("Seconds until all of them are.")),
        member("RetryAfter", isRequired: false, .count("Seconds to wait.")),
    ]

    static let ofEveryAnswer: [JSONObject.Member] = [reference("x-request-id", "RequestID")]

    static let entityTag: [JSONObject.Member] = [reference("etag", "EntityTag")]

    static let ofAnswersToKeys: [JSONObject.Member] = [
        reference("x-ratelimit-limit", "RateLimit"),
        reference("x-ratelimit-remaining", "RateRemaining"),
        reference("x-ratelimit-reset", "RateReset"),
    ]

    static let ofRefusals: [JSONObject.Member] =
        ofEveryAnswer + ofAnswersToKeys + [reference("retry-after", "RetryAfter")]

    private static func reference(_ header: String, _ component: String) -> JSONObject.Member {
        .init(name: header, value: ["$ref": .string("#/components/headers/\(component)")])
    }

    private static func member(
        _ component: String,
        isRequired: Bool,
        _ schema: Schema
    ) -> JSONObject.Member {
        .init(
            name: component,
            value: ["required": .bool(isRequired), "schema": .object(schema.json)]
        )
    }
}
