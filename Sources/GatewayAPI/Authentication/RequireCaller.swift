import GatewayDomain
import GatewayService
import HTTPEdge
import HTTPTypes
import Hummingbird
import RateLimiting

/// Finds out who sent a request, or refuses it, and counts it against the rate limit of the sender.
struct RequireCaller: Sendable {
    let authentication: any Authentication
    let connections: ConnectionTable
    /// Of every API key and user, whatever it has shown; nil for no limit.
    let limiter: RateLimiter?

    func caller(of request: Request, _ context: EdgeContext) async throws -> Caller {
        guard var caller = try await authentication.caller(of: request, context) else {
            throw Problem.missingCredentials
        }
        connections.connection(of: context.channel)?.noteCredential()
        if let quota = limiter?.take(for: .credential(caller.principal.id.uuid)) {
            context.rate.write(quota)
            if let wait = quota.wait { throw Problem.tooManyRequests(wait) }
        }
        caller.requestID = context.requestID
        return caller
    }
}
