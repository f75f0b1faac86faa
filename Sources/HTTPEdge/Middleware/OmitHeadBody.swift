import HTTPTypes
import Hummingbird
import HummingbirdCore

/// A HEAD request gets the headers of the GET, the length of its body among them, and no body;
/// with one, the client would take it for the next answer.
struct OmitHeadBody: RouterMiddleware {
    func handle(
        _ request: Request,
        context: EdgeContext,
        next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        return request.method == .head ? response.createHeadResponse() : response
    }
}
