import GatewayBodies
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import OpenAPI

struct NetworkRoutes {
    let services: Services

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(
                .get,
                "networks",
                .list(
                    "listNetworks",
                    "List networks.",
                    of: "Network",
                    [.filter("name", "Called exactly so.", .string("A name."))]
                ),
                list
            ),
            Endpoint(
                .post,
                "networks",
                .create("createNetwork", "Make a network.", "NewNetwork", "Network"),
                create
            ),
            Endpoint(
                .get,
                "networks/:id",
                .show("showNetwork", "Show a network.", "Network"),
                show
            ),
            Endpoint(
                .patch,
                "networks/:id",
                .change("updateNetwork", "Rename a network.", "NetworkChange", "Network"),
                rename
            ),
            Endpoint(
                .delete,
                "networks/:id",
                .delete("deleteNetwork", "Delete a network that has no gateways.", "Network"),
                delete
            ),
            Endpoint(
                .get,
                "networks/:id/network_interfaces",
                .list(
                    "listNetworkInterfaces",
                    "List the gateways of all kinds of a network.",
                    of: "NetworkInterface",
                    [
                        .filter("name", "Called exactly so.", .string("A name.")),
                        .filter("type", "Of this kind.", .string("A kind.")),
                        .filter("status", "In this state.", Schemas.status),
                    ]
                ),
                listInterfaces
            ),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let name = try query.filter("name")
        return .page(
            try await services.listNetworks(name: name, page: page, by: context.caller),
            \.json
        )
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        try await services.answer(request, context, with: { .object($0.json) }) { body, settle in
            try await services.createNetwork(NewNetwork(body), by: context.caller, settling: settle)
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: NetworkID = try context.identifier()
        let found = try await services.showNetwork(id, by: context.caller)
        return .object(found.json, version: found.updatedAt)
    }

    private func rename(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: NetworkID = try context.identifier()
        let change = NetworkChange(try await request.jsonObject())
        return .object(
            try await services.renameNetwork(
                id,
                change,
                by: context.caller,
                if: request.precondition
            ).json
        )
    }

    private func delete(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: NetworkID = try context.identifier()
        return .object(
            try await services.deleteNetwork(id, by: context.caller, if: request.precondition).json
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
            try await services.listNetworkInterfaces(
                id,
                filter: filter,
                page: page,
                by: context.caller
            ),
            \.json
        )
    }
}

extension CallerContext {
    /// The id in the path. One that is no id names nothing.
    func identifier<Kind>() throws -> Identifier<Kind> {
        guard let id = parameters.get("id").flatMap({ Identifier<Kind>($0) }) else {
            throw Problem.notFound
        }
        return id
    }
}
