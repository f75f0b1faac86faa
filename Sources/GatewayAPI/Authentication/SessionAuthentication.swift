import GatewayService
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The cookie of a session, which browsers send by themselves: also where a page of another site asks them
/// to. So it lets in only what pages of this server send.
struct SessionAuthentication: Authentication {
    let controlPlane: ControlPlane

    func caller(of request: Request, _ context: EdgeContext) async throws -> Caller? {
        let cookie = SessionCookie(for: request, isTLS: context.client.isTLS)
        guard let secret = cookie.secret(in: request) else { return nil }
        guard
            !request.isFromForeignPage,
            request.isReading || request.isFromOwnPage(isTLS: context.client.isTLS)
        else { throw Problem.crossSite }
        let caller = try await controlPlane.authenticate(
            session: SessionSecret(secret),
            actingFor: request.headers[.organization],
            from: context.client.address
        )
        guard let caller else { throw Problem.endedSession }
        return caller
    }
}

extension Request {
    fileprivate var isReading: Bool { method == .get || method == .head }
}
