import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

/// What peers, gateways and organizations may use.
struct LimitRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [Endpoint(.get, "limits", .listLimits, list)]
            + endpoints(
                "wireguard_peers/:id/limits",
                (.showPeerLimits, .setPeerLimits, .deletePeerLimits),
                LimitSubject.peer
            )
            + endpoints(
                "wireguard_interfaces/:id/limits",
                (.showGatewayLimits, .setGatewayLimits, .deleteGatewayLimits),
                LimitSubject.gateway
            )
            + endpoints(
                "organizations/:id/limits",
                (.showOrganizationLimits, .setOrganizationLimits, .deleteOrganizationLimits),
                LimitSubject.organization
            )
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let filter = LimitFilter(
            kind: try query.wordFilter(LimitsMembers.subjectType),
            state: try query.wordFilter(QuotaUseMembers.state),
            subjectID: try query.filter(LimitsMembers.subjectID)
        )
        return .page(
            try await controlPlane.listLimits(filter, page: try query.page(), by: context.caller)
        ) { $0 }
    }

    private func endpoints<Kind>(
        _ path: String,
        _ operations: (show: Operation, set: Operation, delete: Operation),
        _ subject: @escaping @Sendable (Identifier<Kind>) -> LimitSubject
    ) -> [Endpoint<CallerContext>] {
        let controlPlane = controlPlane
        return [
            Endpoint(.get, path, operations.show) { _, context in
                let found = try await controlPlane.showLimits(
                    of: subject(try context.identifier()),
                    by: context.caller
                )
                return .object(found.json, version: found.updatedAt)
            },
            Endpoint(.put, path, operations.set) { request, context in
                let subject = subject(try context.identifier())
                let body = NewLimits(try await request.jsonObject())
                return .object(
                    try await controlPlane.perform(
                        .setLimits(of: subject, body, if: request.precondition),
                        by: context.caller
                    ).json
                )
            },
            .delete(
                path,
                operations.delete,
                controlPlane,
                { .deleteLimits(of: subject($0), if: $1) },
                \.json
            ),
        ]
    }
}
