import HTTPTypes
import Hummingbird
import HummingbirdCore
package import RateLimiting
import Synchronization

/// Puts what the sender has left of its rate limit on every answer to it, refusals included.
struct ReportRateLimit: RouterMiddleware {
    func handle(
        _ request: Request,
        context: EdgeContext,
        next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard let quota = context.rate.quota else { return response }
        response.headers[.rateLimit] = "\(quota.limit)"
        response.headers[.rateRemaining] = "\(quota.remaining)"
        response.headers[.rateReset] = "\(quota.reset.roundedUpSeconds)"
        return response
    }
}

/// Passes the quota from where the sender is known out to where the answer is.
package final class RateNote: Sendable {
    private let stored = Mutex<RateQuota?>(nil)

    var quota: RateQuota? { stored.withLock { $0 } }

    package func write(_ quota: RateQuota) { stored.withLock { $0 = quota } }
}
