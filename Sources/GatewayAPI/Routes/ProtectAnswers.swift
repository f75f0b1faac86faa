import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// What browsers may do with an answer of the API. None takes it for something else than it says, and none
/// keeps what it got by a cookie: the next person at the same browser has another one.
struct ProtectAnswers: RouterMiddleware {
    func handle(
        _ request: Request,
        context: EdgeContext,
        next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard MethodTable.components(request.uri.path).first == "v2" else { return response }
        response.headers[.xContentTypeOptions] = "nosniff"
        if request.headers[.cookie] != nil { response.headers[.cacheControl] = "no-store" }
        return response
    }
}
