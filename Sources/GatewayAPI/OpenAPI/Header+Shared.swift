import OpenAPI

/// The headers of answers.
extension Header {
    static let shared = [requestID, entityTag] + ofAnswersToKeys + [retryAfter]

    static let ofRefusals = [requestID] + ofAnswersToKeys + [retryAfter]
    static let ofAnswersToKeys = [rateLimit, rateRemaining, rateReset]

    static let requestID = Header(
        "x-request-id",
        component: "RequestID",
        isRequired: true,
        .string("Names the request in the server's log.")
    )
    static let entityTag = Header(
        "etag",
        component: "EntityTag",
        isRequired: true,
        .string("A weak validator of the object.")
    )
    static let retryAfter = Header(
        "retry-after",
        component: "RetryAfter",
        isRequired: false,
        .count("Seconds to wait.")
    )
    private static let rateLimit = Header(
        "x-ratelimit-limit",
        component: "RateLimit",
        isRequired: false,
        .count("Requests that the key may make at once.")
    )
    private static let rateRemaining = Header(
        "x-ratelimit-remaining",
        component: "RateRemaining",
        isRequired: false,
        .count("How many of them are left.")
    )
    private static let rateReset = Header(
        "x-ratelimit-reset",
        component: "RateReset",
        isRequired: false,
        .count("Seconds until all of them are.")
    )
}
