import GatewayDomain
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOHTTP1

/// Turns what a route throws into the documented `errors[]`. Any other error than the three kinds that
/// have words is logged with its cause and answered without it.
struct RenderErrors: RouterMiddleware {
    func handle(
        _ request: Request,
        context: EdgeContext,
        next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return problem.response
        } catch let error as ServiceError {
            return Problem(error).response
        } catch let refusal as Refusal {
            return Problem(refusal).response
        } catch let error as HTTPParserError {
            // The stream of requests is broken; only Hummingbird can answer and close it.
            throw error
        } catch {
            context.logger.error("request failed", metadata: ["error": "\(error)"])
            return Problem.unexpected.response
        }
    }
}

extension Problem {
    var response: Response {
        var response = Answer.json(json, status: status).response
        for field in headers { response.headers[field.name] = field.value }
        return response
    }
}
