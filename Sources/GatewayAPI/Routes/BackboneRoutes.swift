import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Links between gateways, which the server makes and heals by itself.
struct BackboneRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "backbone_links", .listBackboneLinks, list),
            Endpoint(.get, "backbone_links/:id", .showBackboneLink, show),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let filter = BackboneLinkFilter(
            networkID: try query.identifierFilter(BackboneLinkMembers.networkID),
            gatewayID: try query.identifierFilter(BackboneLinkMembers.gatewayID)
        )
        return .page(
            try await controlPlane.listBackboneLinks(filter, page: page, by: context.caller),
            \.json
        )
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: BackboneLinkID = try context.identifier()
        let found = try await controlPlane.showBackboneLink(id, by: context.caller)
        return .object(found.json)
    }
}
