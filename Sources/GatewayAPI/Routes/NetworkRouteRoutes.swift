import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

/// The tables by which networks send packets.
struct NetworkRouteRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "network_routes", .listNetworkRoutes, list),
            Endpoint(.post, "network_routes", .createNetworkRoute, create),
            Endpoint(.get, "network_routes/:id", .showNetworkRoute, show),
            .delete(
                "network_routes/:id",
                .deleteNetworkRoute,
                controlPlane,
                { id, _ in Verb<NetworkRoute>.deleteNetworkRoute(id) },
                \.json
            ),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let network = try query.identifierFilter(NetworkRouteMembers.networkID)
        return .page(
            try await controlPlane.listNetworkRoutes(
                networkID: network,
                page: page,
                by: context.caller
            )
        )
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        try await controlPlane.answer(request, context, with: { .object($0.json) }) { body in
            .createNetworkRoute(NewNetworkRoute(body))
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: NetworkRouteID = try context.identifier()
        let found = try await controlPlane.showNetworkRoute(id, by: context.caller)
        return .object(found.json, version: found.updatedAt)
    }
}
