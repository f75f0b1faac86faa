import GatewayBodies
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

struct GatewayRoutes {
    let services: Services

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "wireguard_interfaces", .listGateways, list),
            Endpoint(.post, "wireguard_interfaces", .createGateway, create),
            Endpoint(.get, "wireguard_interfaces/:id", .showGateway, show),
            Endpoint(.delete, "wireguard_interfaces/:id", .deleteGateway, delete),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let network: NetworkID? = try query.identifierFilter("network_id")
        return .page(
            try await services.listGateways(networkID: network, page: page, by: context.caller),
            \.json
        )
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        try await services.answer(
            request,
            context,
            with: { .object($0.json, status: .accepted) }
        ) { body, settle in
            try await services.createGateway(NewGateway(body), by: context.caller, settling: settle)
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: GatewayID = try context.identifier()
        let found = try await services.showGateway(id, by: context.caller)
        return .object(found.json, version: found.updatedAt)
    }

    private func delete(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: GatewayID = try context.identifier()
        return .object(
            try await services.deleteGateway(id, by: context.caller, if: request.precondition).json
        )
    }
}
