package import HTTPTypes

/// Why the edge does not let a request through. The words of the answer are written by those whose
/// routes it would have reached: an API answers in JSON, a page in HTML.
package enum Refusal: Error, Equatable, Sendable {
    /// Against the rules of HTTP itself. The text is a whole sentence.
    case malformed(String)
    /// Its head cannot be read as HTTP/1.1, or is too large.
    case unreadable
    /// `Transfer-Encoding` names another coding than chunked.
    case unknownTransferCoding
    /// `Expect` is something else than 100-continue.
    case unknownExpectation
    /// - Parameter limit: in bytes.
    case bodyTooLarge(limit: Int)
    /// The bodies of other requests take all the memory that there is for bodies.
    case tooManyBodies

    package var status: HTTPResponse.Status {
        switch self {
        case .malformed, .unreadable: .badRequest
        case .unknownTransferCoding: .notImplemented
        case .unknownExpectation: .expectationFailed
        case .bodyTooLarge: .contentTooLarge
        case .tooManyBodies: .serviceUnavailable
        }
    }

    /// The body of the answer to a request that no route sees.
    package typealias Writer = @Sendable (Refusal) -> (mediaType: String, text: String)
}
