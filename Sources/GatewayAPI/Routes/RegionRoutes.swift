import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import OpenAPI

/// Where gateways can be made, for admins to change and for all to read.
struct RegionRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "regions", .listRegions, list),
            Endpoint(.post, "regions", .createRegion, create),
            Endpoint(.get, "regions/:code", .showRegion, show),
            Endpoint(.patch, "regions/:code", .updateRegion, update),
            Endpoint(.delete, "regions/:code", .deleteRegion, delete),
            Endpoint(.get, "network_coverage", .listNetworkCoverage, listCoverage),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let isAll = try Query(request.uri.query).flag(Parameter.allRegions.name)
        let regions =
            try await isAll
            ? controlPlane.listAllRegions(by: context.caller)
            : controlPlane.listRegions(by: context.caller)
        return .list(regions.map(\.json))
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        try await controlPlane.answer(request, context, with: { .object($0.json) }) { body in
            .createRegion(NewRegion(body))
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let found = try await controlPlane.showRegion(context.regionCode, by: context.caller)
        return .object(found.json, version: found.updatedAt)
    }

    private func update(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let change = RegionChange(try await request.jsonObject())
        return .object(
            try await controlPlane.perform(
                .updateRegion(context.regionCode, change, if: request.precondition),
                by: context.caller
            ).json
        )
    }

    private func delete(_ request: Request, _ context: CallerContext) async throws -> Answer {
        .object(
            try await controlPlane.perform(
                .deleteRegion(context.regionCode, if: request.precondition),
                by: context.caller
            ).json
        )
    }

    private func listCoverage(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let filter = try query.coverageFilter()
        return .page(
            try await controlPlane.listCoverage(filter: filter, page: page, by: context.caller)
        )
    }
}

extension CallerContext {
    /// No region has the code of a text that is none.
    fileprivate var regionCode: String {
        // Not every engine compares with U+0000.
        parameters.get("code").flatMap { $0.utf8.contains(0) ? nil : $0 } ?? ""
    }
}
