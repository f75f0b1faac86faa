import GatewayDomain
import GatewayService
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The browser that a request comes from, as signing in sees it.
struct Browser {
    let cookie: SessionCookie
    /// Nil where it shows no session.
    let session: SessionSecret?
    let origin: SignInOrigin

    init(_ request: Request, _ context: EdgeContext) {
        cookie = SessionCookie(for: request, isTLS: context.client.isTLS)
        session = cookie.secret(in: request).map { SessionSecret($0) }
        origin = SignInOrigin(
            source: context.client.address,
            userAgent: request.headers[.userAgent],
            requestID: context.requestID,
            replacing: session
        )
    }

    /// Goes on as whom the session is of.
    func signedIn(_ new: NewSession, to path: LocalPath) -> Response {
        var response = Response.seeOther(path)
        response.headers[.setCookie] = cookie.setting(
            new.secret.text,
            seconds: Session.longestSeconds
        )
        return response
    }

    func signedOut() -> Response {
        var response = Response.seeOther(LocalPath(known: "/sign-in?signed-out=1"))
        response.headers[.setCookie] = cookie.clearing
        return response
    }
}
