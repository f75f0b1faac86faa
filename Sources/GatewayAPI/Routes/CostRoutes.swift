import GatewayDomain
import GatewayService
import Hummingbird
import HummingbirdCore

/// What is owed for it.
struct CostRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "costs", .listCosts, list),
            Endpoint(.get, "costs.csv", .exportCosts, export),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        return .page(try await costs(query, page: try query.page(), context)) { $0 }
    }

    private func export(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        guard let first = Page(size: Page.sizes.upperBound) else { preconditionFailure("a size") }
        // Before the answer begins, so that it can be a refusal.
        let page = try await costs(query, page: first, context)
        return .table(CostTable.columns) { write in
            try await write(page.elements.flatMap(CostTable.rows))
            guard page.totalPages > 1 else { return }
            for number in 2...page.totalPages {
                guard let next = Page(number: number, size: first.size) else { return }
                let page = try await costs(query, page: next, context)
                try await write(page.elements.flatMap(CostTable.rows))
            }
        }
    }

    private func costs(
        _ query: Query,
        page: Page,
        _ context: CallerContext
    ) async throws -> PageOf<Costs> {
        try await controlPlane.listCosts(
            in: try query.month("month"),
            ofAll: try query.flag("all"),
            page: page,
            by: context.caller
        )
    }
}

extension Query {
    fileprivate func month(_ name: String) throws -> CalendarMonth? {
        guard let value = self[name] else { return nil }
        guard case .text(let text) = value, let month = CalendarMonth(text) else {
            throw Problem.parameterType(name, "'\(name)' must be a month like 2026-11.")
        }
        return month
    }
}
