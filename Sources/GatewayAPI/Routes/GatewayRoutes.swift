import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

struct GatewayRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "wireguard_interfaces", .listGateways, list),
            Endpoint(.post, "wireguard_interfaces", .createGateway, create),
            Endpoint(.get, "wireguard_interfaces/:id", .showGateway, show),
            Endpoint(.patch, "wireguard_interfaces/:id", .updateGateway, update),
            Endpoint(.delete, "wireguard_interfaces/:id", .deleteGateway, delete),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let filter = try query.gatewayFilter()
        let order: ListOrder<GatewaySortMember> = try query.order()
        let list = try await controlPlane.listGateways(
            filter,
            order: order,
            page: page,
            by: context.caller
        )
        return .page(
            PageOf(
                elements: try await controlPlane.addingFigures(to: list.elements),
                page: page,
                totalResults: list.totalResults
            )
        )
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        try await controlPlane.answer(
            request,
            context,
            with: { .object($0.json, status: .accepted) }
        ) { body in
            .createGateway(NewGateway(body))
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: GatewayID = try context.identifier()
        let found = try await controlPlane.showGateway(id, by: context.caller)
        let shown = try await controlPlane.addingFigures(to: [found])[0]
        return .object(shown.json, version: shown.updatedAt)
    }

    private func update(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: GatewayID = try context.identifier()
        let change = GatewayChange(try await request.jsonObject())
        return .object(
            try await controlPlane.perform(
                .updateGateway(id, change, if: request.precondition),
                by: context.caller
            ).json
        )
    }

    private func delete(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: GatewayID = try context.identifier()
        return .object(
            try await controlPlane.deleteGateway(id, by: context.caller, if: request.precondition)
                .json
        )
    }
}
