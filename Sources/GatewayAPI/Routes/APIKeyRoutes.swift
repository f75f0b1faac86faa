import GatewayBodies
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

/// The keys of the caller's organization, for its owners.
struct APIKeyRoutes {
    let services: Services

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "api_keys", .listAPIKeys, list),
            Endpoint(.post, "api_keys", .createAPIKey, create),
            Endpoint(.get, "api_keys/:id", .showAPIKey, show),
            Endpoint(.delete, "api_keys/:id", .revokeAPIKey, revoke),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let page = try Query(request.uri.query).page()
        return .page(try await services.listAPIKeys(page: page, by: context.caller)) { $0.json() }
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        try await services.answer(
            request,
            context,
            with: { .object($0.key.json(text: $0.text)) }
        ) { body, settle in
            try await services.createAPIKey(NewAPIKey(body), by: context.caller, settling: settle)
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: APIKeyID = try context.identifier()
        let found = try await services.showAPIKey(id, by: context.caller)
        return .object(found.json(), version: found.createdAt)
    }

    private func revoke(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: APIKeyID = try context.identifier()
        return .object(
            try await services.revokeAPIKey(id, by: context.caller, if: request.precondition).json()
        )
    }
}
