import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

/// Where gateways can be made.
struct RegionRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "regions", .listRegions, list),
            Endpoint(.get, "network_coverage", .listNetworkCoverage, listCoverage),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        .list(try await controlPlane.listRegions(by: context.caller).map(\.json))
    }

    private func listCoverage(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let filter = try query.coverageFilter()
        return .page(
            try await controlPlane.listCoverage(filter: filter, page: page, by: context.caller),
            \.json
        )
    }
}
