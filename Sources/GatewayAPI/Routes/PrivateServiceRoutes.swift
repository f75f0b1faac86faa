import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

/// Services of the operator, for admins to change and for all to read.
struct PrivateServiceRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "private_services", .listPrivateServices, list),
            Endpoint(.post, "private_services", .createPrivateService, create),
            Endpoint(.get, "private_services/:id", .showPrivateService, show),
            Endpoint(.patch, "private_services/:id", .updatePrivateService, update),
            .delete(
                "private_services/:id",
                .deletePrivateService,
                controlPlane,
                Verb<PrivateService>.deletePrivateService(_:if:),
                \.json
            ),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let name = try query.filter(PrivateServiceMembers.name)
        return .page(
            try await controlPlane.listPrivateServices(name: name, page: page, by: context.caller)
        )
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        try await controlPlane.answer(request, context, with: { .object($0.json) }) { body in
            .createPrivateService(NewPrivateService(body))
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: PrivateServiceID = try context.identifier()
        let found = try await controlPlane.showPrivateService(id, by: context.caller)
        return .object(found.json, version: found.updatedAt)
    }

    private func update(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: PrivateServiceID = try context.identifier()
        let change = PrivateServiceChange(try await request.jsonObject())
        return .object(
            try await controlPlane.perform(
                .updatePrivateService(id, change, if: request.precondition),
                by: context.caller
            ).json
        )
    }
}
