import Hummingbird
import HummingbirdCore
import Logging

/// One line per request. It names the path's template, not the path, and never a body or a key.
struct LogAccess: RouterMiddleware {
    private let routinePaths: Set<String>

    init(routine routes: [EdgeRoute]) {
        routinePaths = Set(routes.map { "/" + $0.path })
    }

    func handle(
        _ request: Request,
        context: EdgeContext,
        next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let template = context.endpointPath ?? "unmatched"
        let response = try await next(request, context)
        let (seconds, attoseconds) = start.duration(to: .now).components
        let isRoutine = response.status.kind == .successful && routinePaths.contains(template)
        context.logger.log(
            level: isRoutine ? .debug : .info,
            "request",
            metadata: [
                "client": "\(context.client.address)",
                "method": "\(request.method.rawValue)",
                "path": "\(template)",
                "status": "\(response.status.code)",
                "duration_us": "\(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)",
            ]
        )
        return response
    }
}
