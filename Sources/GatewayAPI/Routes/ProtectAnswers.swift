import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// What browsers may do with an answer. None takes it for something else than it says, and none that is not a
/// page loads anything or is framed. What the API answers to a cookie is not kept: the next person at the same
/// browser has another one.
struct ProtectAnswers: RouterMiddleware {
    /// Of what is not a page.
    private static let policy = "default-src 'none'; frame-ancestors 'none'"

    func handle(
        _ request: Request,
        context: EdgeContext,
        next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.xContentTypeOptions] = "nosniff"
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] = Self.policy
        }
        if request.headers[.cookie] != nil,
            MethodTable.components(request.uri.path).first == "v2"
        {
            response.headers[.cacheControl] = "no-store"
        }
        return response
    }
}
