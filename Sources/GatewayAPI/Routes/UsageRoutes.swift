import GatewayDomain
import GatewayService
import Hummingbird
import HummingbirdCore

/// What was used, by whom.
struct UsageRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "usage", .listUsage, list),
            Endpoint(.get, "usage.csv", .exportUsage, export),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let filter = try query.usageFilter(at: controlPlane.now())
        return .page(try await controlPlane.listUsage(filter, page: page, by: context.caller)) {
            $0
        }
    }

    private func export(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let filter = try query.usageFilter(at: controlPlane.now())
        let most = UsageTable.mostRows
        let rows = try await controlPlane.allUsage(filter, atMost: most, by: context.caller)
        guard let rows else {
            throw Problem.parameterType(
                Query.usageGroups,
                "The table has more than \(most) lines; ask for a shorter time or fewer objects."
            )
        }
        return .table(UsageTable.columns) { write in
            for start in stride(from: 0, to: rows.count, by: 1_000) {
                try await write(rows[start...].prefix(1_000).map(UsageTable.row))
            }
        }
    }
}
