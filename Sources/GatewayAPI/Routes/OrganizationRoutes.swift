import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

/// Tenants, for admins.
struct OrganizationRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "organizations", .listOrganizations, list),
            Endpoint(.post, "organizations", .createOrganization, create),
            Endpoint(.get, "organizations/:id", .showOrganization, show),
            Endpoint(.patch, "organizations/:id", .updateOrganization, update),
            .delete(
                "organizations/:id",
                .deleteOrganization,
                controlPlane,
                Verb<Organization>.deleteOrganization(_:if:),
                \.json
            ),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let name = try query.filter(OrganizationMembers.name)
        return .page(
            try await controlPlane.listOrganizations(name: name, page: page, by: context.caller)
        )
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        try await controlPlane.answer(request, context, with: { .object($0.json) }) { body in
            .createOrganization(NewOrganization(body))
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: OrganizationID = try context.identifier()
        let found = try await controlPlane.showOrganization(id, by: context.caller)
        return .object(found.json, version: found.updatedAt)
    }

    private func update(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: OrganizationID = try context.identifier()
        let change = OrganizationChange(try await request.jsonObject())
        return .object(
            try await controlPlane.perform(
                .updateOrganization(id, change, if: request.precondition),
                by: context.caller
            ).json
        )
    }
}
