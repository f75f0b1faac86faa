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
    let connections: ConnectionTable
    /// Of every API key; nil for no limit.
    let limiter: TokenBuckets<APIKeyID>?
    /// Wrong keys by where they come from. Whoever has shown too many learns no longer that a key is
    /// wrong; a right key is never refused, since behind a proxy all callers come from one address.
    let wrongKeys = TokenBuckets<String>(RateLimit(perSecond: 1, burst: 20))

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.caller = try await caller(of: request, context)
        return try await next(request, context)
    }

    /// Counts the request against the rate limit of its key.
    func caller(of request: Request, _ context: APIContext) async throws -> Caller {
        guard let key = Self.bearerToken(request.headers[.authorization]) else {
            throw Problem.unauthenticated(Self.missingCredentials)
        }
        let caller = try await services.authenticate(
            bearer: key,
            actingFor: request.headers[.organization]
        )
        guard var caller else {
            if let wait = wrongKeys.take(for: context.source).wait {
                throw Problem.tooManyRequests(wait)
            }
            throw Problem.unauthenticated(Self.unknownKey)
        }
        connections.connection(of: context.channel)?.noteKey()
        if let standing = limiter?.take(for: caller.keyID) {
            context.rate.write(standing)
            if let wait = standing.wait { throw Problem.tooManyRequests(wait) }
        }
        caller.requestID = context.requestID
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
