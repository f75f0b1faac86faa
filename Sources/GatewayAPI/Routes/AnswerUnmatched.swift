import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Answers what no route does: OPTIONS, a wrong method, an unknown path. Under `/v2` only a caller with
/// a key learns which of them it is.
struct AnswerUnmatched: RouterMiddleware {
    let requireCaller: RequireCaller
    let methods: MethodTable
    /// What people get instead of a problem.
    let answerUnknownPath: @Sendable (Request) -> Response?

    func handle(
        _ request: Request,
        context: EdgeContext,
        next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        // Hummingbird has set this when a route matched.
        guard context.endpointPath == nil else { return try await next(request, context) }
        let path = MethodTable.components(request.uri.path)
        if path.first == "v2" {
            _ = try await requireCaller.caller(of: request, context)
        }
        guard let allow = methods.allowed(at: path) else {
            if path.first != "v2", let answer = answerUnknownPath(request) { return answer }
            throw Problem.notFound
        }
        guard request.method == .options else {
            throw Problem.methodNotAllowed(request.method, allow: allow)
        }
        return Response(status: .noContent, headers: [.allow: allow])
    }
}
