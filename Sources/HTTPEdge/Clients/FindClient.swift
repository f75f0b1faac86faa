import HTTPTypes
import Hummingbird
package import HummingbirdCore
import Logging
import Synchronization

/// Finds out who is at the other end, before anything is logged, counted or limited by it.
package struct FindClient: RouterMiddleware {
    private let isTLS: Bool
    private let proxies: TrustedProxies
    private let warning = OneWarning()

    /// - Parameter isTLS: whether the listener speaks TLS.
    package init(isTLS: Bool = false, proxies: TrustedProxies = .none) {
        self.isTLS = isTLS
        self.proxies = proxies
    }

    package func handle(
        _ request: Request,
        context: EdgeContext,
        next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let address = context.channel.remoteAddress?.ipAddress ?? ClientEnd.unknown.address
        let other = ClientEnd(address: address, isTLS: isTLS)
        context.client = proxies.client(of: request.headers, behind: other)
        // Proxies ask whether a server is there for themselves.
        if proxies.areSilent(in: request.headers, behind: other),
            !Self.probes.contains(request.uri.path)
        {
            warning.give(context.logger, of: other.address)
        }
        var response = try await next(request, context)
        // A browser that has come by TLS once asks for nothing else (RFC 6797). By plain HTTP it would not
        // believe the field, which anyone on the way could have written.
        if context.client.isTLS {
            response.headers[.strictTransportSecurity] = "max-age=31536000"
        }
        return response
    }

    private static let probes: Set<String> = ["/healthz", "/readyz"]
}

/// Told once for the life of the server: each request would bring it again.
private final class OneWarning: Sendable {
    private let isGiven = Atomic(false)

    func give(_ logger: Logger, of proxy: String) {
        guard !isGiven.exchange(true, ordering: .relaxed) else { return }
        logger.warning(
            """
            a trusted proxy does not say for whom it asks, so that limits and the log take all of its clients for one; \
            let it send X-Forwarded-For
            """,
            metadata: ["proxy": "\(proxy)"]
        )
    }
}
