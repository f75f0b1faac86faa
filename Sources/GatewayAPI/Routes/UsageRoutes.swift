import APIContract
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
        let sums = try await placed {
            try await controlPlane.listUsage(filter, page: page, by: context.caller)
        }
        return .page(sums) { $0 }
    }

    private func export(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let filter = try query.usageFilter(at: controlPlane.now())
        let most = UsageTable.mostRows
        let rows = try await placed {
            try await controlPlane.allUsage(filter, atMost: most, by: context.caller)
        }
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

    private func placed<Sums>(_ read: () async throws -> Sums) async throws -> Sums {
        do {
            return try await read()
        } catch let error as MisplacedUsageObject {
            throw Problem(error)
        }
    }
}

extension Problem {
    fileprivate init(_ error: MisplacedUsageObject) {
        let (part, whole) = (error.part.parameter, error.whole.parameter)
        self.init(
            .unprocessableContent,
            [
                Entry(
                    .unknownAssociation,
                    "'\(part)' names a \(error.part.word) of another \(error.whole.word).",
                    .parameter(part)
                ),
                Entry(
                    .unknownAssociation,
                    "'\(whole)' names a \(error.whole.word) that does not have this \(error.part.word).",
                    .parameter(whole)
                ),
            ]
        )
    }
}

extension UsageObject {
    fileprivate var parameter: String {
        switch self {
        case .network: "filter[\(UsageMembers.networkID.name)]"
        case .gateway: "filter[\(UsageMembers.gatewayID.name)]"
        case .peer: "filter[\(UsageMembers.peerID.name)]"
        }
    }

    fileprivate var word: String {
        switch self {
        case .network: "network"
        case .gateway: "gateway"
        case .peer: "peer"
        }
    }
}
