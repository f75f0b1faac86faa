package import APIContract
import HTTPEdge
package import Hummingbird
import JSON
import RateLimiting

/// What the client is told when a request is refused: one status, and one or more entries of
/// `errors[]`. Anything else that is thrown becomes a logged 500 (see `RenderErrors`).
package struct Problem: Error, Equatable {
    package typealias Entry = ErrorEntry

    package let status: HTTPResponse.Status
    package let entries: [Entry]
    package var headers: HTTPFields = [:]

    package init(_ status: HTTPResponse.Status, _ entries: [Entry], headers: HTTPFields = [:]) {
        self.status = status
        self.entries = entries
        self.headers = headers
    }

    init(
        _ status: HTTPResponse.Status,
        _ code: ErrorCode,
        _ detail: String,
        _ source: Entry.Source? = nil
    ) {
        self.init(status, [Entry(code, detail, source)])
    }
}

extension Problem {
    /// Also the answer to another organization's object and to a malformed id: a stranger learns
    /// nothing from the difference.
    static let notFound = Problem(
        .notFound,
        .notFound,
        "The requested resource or URL could not be found."
    )

    // The vendor's spelling; clients may match on it.
    static let unexpected = Problem(
        .internalServerError,
        .unexpected,
        "An unexpected error occured."
    )

    /// - Parameter reasons: sentences, one at least.
    static func unavailable(_ reasons: [String]) -> Problem {
        Problem(
            .serviceUnavailable,
            reasons.map { Entry(.unavailable, $0) },
            headers: [.retryAfter: "5"]
        )
    }

    static let notJSON = Problem(
        .unsupportedMediaType,
        .mediaType,
        "Send the request body as 'Content-Type: application/json'."
    )

    static func encodedBody(_ coding: String) -> Problem {
        var problem = Problem(
            .unsupportedMediaType,
            .mediaType,
            "The request body has the content coding '\(coding)'. Send it as it is, without a"
                + " Content-Encoding."
        )
        problem.headers[.acceptEncoding] = "identity"
        return problem
    }

    static let emptyBody = Problem(
        .badRequest,
        .invalidJSON,
        "The request body is empty: send a JSON object."
    )

    static let notAnObject = Problem(
        .unprocessableContent,
        .parameterType,
        "The request body must be a JSON object.",
        .pointer("/")
    )

    static let malformedIdempotencyKey = Problem(
        .unprocessableContent,
        .badRequest,
        "An Idempotency-Key has 1 to 255 characters of A-Z, a-z, 0-9, '_', ':' and '-'."
    )

    static let missingCredentials = unauthenticated(
        "Could not understand the provided credentials."
    )

    static let unknownCredentials = unauthenticated(
        "The required authentication headers were either invalid or not included in the request."
    )

    static let endedSession = unauthenticated(
        "This session has ended. Sign in again."
    )

    static let endedCaller = unauthenticated(
        "The API key or the session of this request was ended before the request was complete."
            + " Nothing has changed. Sign in again, or use another key."
    )

    static let crossSite = Problem(
        .forbidden,
        .crossSite,
        "This request comes with a cookie and not from a page of this server. Send an API key as"
            + " 'Authorization: Bearer KEY…' instead."
    )

    private static func unauthenticated(_ detail: String) -> Problem {
        var problem = Problem(.unauthorized, .unauthenticated, detail)
        problem.headers[.wwwAuthenticate] = "Bearer"
        return problem
    }

    static func tooManyRequests(
        _ wait: Duration,
        _ detail: String = "You have exceeded the maximum number of allowed requests."
    ) -> Problem {
        var problem = Problem(.tooManyRequests, .tooManyRequests, detail)
        problem.headers[.retryAfter] = "\(max(wait.roundedUpSeconds, 1))"
        return problem
    }

    static func tooManyStreams(_ maximum: Int) -> Problem {
        .tooManyRequests(
            .seconds(60),
            "This caller has \(maximum) streams open, which is as many as it may."
        )
    }

    static func methodNotAllowed(_ method: HTTPRequest.Method, allow: String) -> Problem {
        var problem = Problem(
            .methodNotAllowed,
            .method,
            "This URL does not answer \(method.rawValue). It answers \(allow)."
        )
        problem.headers[.allow] = allow
        return problem
    }

    static func malformedBody(_ error: JSONError) -> Problem {
        switch error {
        case .notUTF8:
            Problem(.badRequest, .characterEncoding, "The request body is not valid UTF-8.")
        case .malformed(let reason, let offset):
            Problem(
                .badRequest,
                .invalidJSON,
                "The request body is not valid JSON: \(reason), at byte \(offset)."
            )
        }
    }

    static func parameterType(_ parameter: String, _ detail: String) -> Problem {
        Problem(.unprocessableContent, .parameterType, detail, .parameter(parameter))
    }

    static func filter(_ parameter: String, _ detail: String) -> Problem {
        Problem(.unprocessableContent, .filter, detail, .parameter(parameter))
    }
}

extension Problem {
    var json: JSONValue { Envelope.errors(entries) }
}
