import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

struct NetworkRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "networks", .listNetworks, list),
            Endpoint(.post, "networks", .createNetwork, create),
            Endpoint(.get, "networks/:id", .showNetwork, show),
            Endpoint(.patch, "networks/:id", .updateNetwork, rename),
            .delete(
                "networks/:id",
                .deleteNetwork,
                controlPlane,
                Verb<Network>.deleteNetwork(_:if:),
                \.json
            ),
            Endpoint(
                .get,
                "networks/:id/network_interfaces",
                .listNetworkInterfaces,
                listInterfaces
            ),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let filter = try query.networkFilter()
        let order: ListOrder<NetworkSortMember> = try query.order()
        return .page(
            try await controlPlane.listNetworks(
                filter,
                order: order,
                page: page,
                by: context.caller
            )
        )
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        try await controlPlane.answer(request, context, with: { .object($0.json) }) { body in
            .createNetwork(NewNetwork(body))
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: NetworkID = try context.identifier()
        let found = try await controlPlane.showNetwork(id, by: context.caller)
        return .object(found.json, version: found.updatedAt)
    }

    private func rename(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: NetworkID = try context.identifier()
        let change = NetworkChange(try await request.jsonObject())
        return .object(
            try await controlPlane.perform(
                .renameNetwork(id, change, if: request.precondition),
                by: context.caller
            ).json
        )
    }

    private func listInterfaces(
        _ request: Request,
        _ context: CallerContext
    ) async throws -> Answer {
        let id: NetworkID = try context.identifier()
        let query = Query(request.uri.query)
        let page = try query.page()
        let filter = try query.interfaceFilter()
        return .page(
            try await controlPlane.listNetworkInterfaces(
                id,
                filter: filter,
                page: page,
                by: context.caller
            )
        )
    }
}
