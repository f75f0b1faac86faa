import HTTPTypes
import Hummingbird
import HummingbirdCore
import Synchronization

/// Puts a key's standing with the rate limit on every answer to it, refusals included.
struct TellRate: RouterMiddleware {
    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard let standing = context.rate.standing else { return response }
        response.headers[.rateLimit] = "\(standing.limit)"
        response.headers[.rateRemaining] = "\(standing.remaining)"
        response.headers[.rateReset] = "\(standing.reset.roundedUpSeconds)"
        return response
    }
}

/// Passes the standing from where the key is known out to where the answer is.
final class RateNote: Sendable {
    private let stored = Mutex<RateStanding?>(nil)

    var standing: RateStanding? { stored.withLock { $0 } }

    func write(_ standing: RateStanding) { stored.withLock { $0 = standing } }
}

extension Duration {
    /// Whoever waits for so many seconds has waited long enough.
    var roundedUpSeconds: Int64 {
        let (seconds, attoseconds) = components
        return attoseconds > 0 ? seconds + 1 : seconds
    }
}

extension HTTPField.Name {
    static var rateLimit: HTTPField.Name { HTTPField.Name("x-ratelimit-limit") ?? .via }
    static var rateRemaining: HTTPField.Name { HTTPField.Name("x-ratelimit-remaining") ?? .via }
    static var rateReset: HTTPField.Name { HTTPField.Name("x-ratelimit-reset") ?? .via }
}
