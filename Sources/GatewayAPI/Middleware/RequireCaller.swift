import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Finds out whose key a request carries, or refuses it.
struct RequireCaller: RouterMiddleware {
    static let missingCredentials = "Could not understand the provided credentials."
    private static let unknownKey =
        "The required authentication headers were either invalid or not included in the request."

    let services: Services
    let failures = FailedAttempts()

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.caller = try await caller(of: request, from: context.source)
        return try await next(request, context)
    }

    /// - Parameter source: the address of the other end.
    func caller(of request: Request, from source: String) async throws -> Caller {
        guard let key = Self.bearerToken(request.headers[.authorization]) else {
            throw Problem.unauthenticated(Self.missingCredentials)
        }
        let caller = try await services.authenticate(
            bearer: key,
            actingFor: request.headers[.organization]
        )
        guard let caller else {
            if let wait = failures.note(from: source) { throw Problem.tooManyRequests(wait) }
            throw Problem.unauthenticated(Self.unknownKey)
        }
        return caller
    }

    /// RFC 6750 section 2.1.
    private static func bearerToken(_ header: String?) -> String? {
        guard
            let words = header?.split(separator: " "), words.count == 2,
            words[0].lowercased() == "bearer"
        else { return nil }
        return String(words[1])
    }
}

extension HTTPField.Name {
    /// The organization that an admin acts for.
    static var organization: HTTPField.Name {
        HTTPField.Name("x-wgw-organization") ?? .via
    }
}
