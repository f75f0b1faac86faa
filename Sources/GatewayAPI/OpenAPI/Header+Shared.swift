import HTTPEdge
import HTTPTypes
import OpenAPI

/// The headers of answers.
extension Header {
    static let shared = [requestID, entityTag] + ofAnswersToKeys + [retryAfter]

    static let ofRefusals = [requestID] + ofAnswersToKeys + [retryAfter]
    static let ofAnswersToKeys = [rateLimit, rateRemaining, rateReset]

    static let requestID = Header(
        HTTPField.Name.requestID.canonicalName,
        component: "RequestID",
        isRequired: true,
        .string(
            "The id of the request in the server's log, which is the client's own if it sent one."
        )
    )
    static let entityTag = Header(
        HTTPField.Name.eTag.canonicalName,
        component: "EntityTag",
        isRequired: true,
        .string(
            "A validator of what is shown, for `if-none-match`, and for the `if-match` of a change."
        )
    )
    static let retryAfter = Header(
        HTTPField.Name.retryAfter.canonicalName,
        component: "RetryAfter",
        isRequired: false,
        .count("Seconds to wait before the request is sent again.")
    )
    private static let rateLimit = Header(
        HTTPField.Name.rateLimit.canonicalName,
        component: "RateLimit",
        isRequired: false,
        .count("How many requests the API key may make at once.")
    )
    private static let rateRemaining = Header(
        HTTPField.Name.rateRemaining.canonicalName,
        component: "RateRemaining",
        isRequired: false,
        .count("How many more requests the API key may make now.")
    )
    private static let rateReset = Header(
        HTTPField.Name.rateReset.canonicalName,
        component: "RateReset",
        isRequired: false,
        .count("Seconds until the API key may make all of its requests at once again.")
    )
}
