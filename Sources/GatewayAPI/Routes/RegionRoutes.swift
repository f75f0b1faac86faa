import GatewayBodies
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import OpenAPI

/// Where gateways can be made.
struct RegionRoutes {
    let services: Services

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(
                .get,
                "regions",
                Operation(
                    id: "listRegions",
                    summary: "List where gateways can be made.",
                    result: .list("Region")
                ),
                list
            ),
            Endpoint(
                .get,
                "network_coverage",
                .list(
                    "listNetworkCoverage",
                    "List sites, and what can be had there.",
                    of: "NetworkCoverage",
                    [
                        .filter("available_services", "With this service.", .string("A service.")),
                        .filter(
                            "available_services][contains",
                            "With this service.",
                            .string("A service.")
                        ),
                        .filter("location.region", "There.", .string("A part of the world.")),
                        .filter("location.site", "There.", .string("An area.")),
                        .filter("location.pop", "There.", .string("A data centre.")),
                        .filter("location.code", "There.", .string("A code.")),
                    ]
                ),
                listCoverage
            ),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        .list(try await services.listRegions(by: context.caller).map(\.json))
    }

    private func listCoverage(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let filter = try query.coverageFilter()
        return .page(
            try await services.listCoverage(filter: filter, page: page, by: context.caller),
            \.json
        )
    }
}
