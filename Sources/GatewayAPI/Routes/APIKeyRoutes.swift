import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

/// The keys of the caller's organization, for its owners.
struct APIKeyRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "api_keys", .listAPIKeys, list),
            Endpoint(.post, "api_keys", .createAPIKey, create),
            Endpoint(.get, "api_keys/:id", .showAPIKey, show),
            .delete(
                "api_keys/:id",
                .revokeAPIKey,
                controlPlane,
                Verb<APIKey>.revokeAPIKey(_:if:),
                \.json
            ),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let page = try Query(request.uri.query).page()
        return .page(try await controlPlane.listAPIKeys(page: page, by: context.caller)) {
            APIKeyAnswer($0)
        }
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        try await controlPlane.answer(
            request,
            context,
            with: { .object(APIKeyAnswer($0.key, text: $0.text).json) }
        ) { body in
            .createAPIKey(NewAPIKey(body))
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: APIKeyID = try context.identifier()
        let found = try await controlPlane.showAPIKey(id, by: context.caller)
        return .object(found.json, version: found.createdAt)
    }
}
