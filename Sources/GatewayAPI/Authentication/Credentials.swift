import GatewayService
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// All ways in which a request can show who sent it. An API key goes before a cookie, which a browser may
/// add to any request.
struct Credentials: Authentication {
    private let key: BearerKey
    private let session: SessionAuthentication

    init(controlPlane: ControlPlane) {
        key = BearerKey(controlPlane: controlPlane)
        session = SessionAuthentication(controlPlane: controlPlane)
    }

    func caller(of request: Request, _ context: EdgeContext) async throws -> Caller? {
        guard request.headers[.authorization] == nil else {
            return try await key.caller(of: request, context)
        }
        return try await session.caller(of: request, context)
    }
}

extension Request {
    /// The secret that the request shows, of whichever kind. What is locked with it can be opened by a
    /// repetition of the request, and not by the server alone.
    var shownSecret: String? {
        BearerKey.token(headers[.authorization]) ?? SessionCookie.shownSecret(in: self)
    }
}
