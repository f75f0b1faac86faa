package import HTTPTypes

/// Header fields that HTTPTypes has no constants for.
extension HTTPField.Name {
    package static let requestID = known("x-request-id")
    package static let rateLimit = known("x-ratelimit-limit")
    package static let rateRemaining = known("x-ratelimit-remaining")
    package static let rateReset = known("x-ratelimit-reset")

    /// For names that are written in the source. One that is not a token (RFC 9110 section 5.6.2)
    /// ends the process at its first use.
    package static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else {
            preconditionFailure("'\(name)' cannot be the name of a header field")
        }
        return name
    }
}
