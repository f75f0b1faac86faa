import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

/// The ways out of a network.
struct EgressRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "networks/:id/default_gateway", .showDefaultGateway, showDefault),
            Endpoint(.post, "networks/:id/default_gateway", .createDefaultGateway, createDefault),
            Endpoint(.put, "networks/:id/default_gateway", .replaceDefaultGateway, replaceDefault),
            Endpoint(.delete, "networks/:id/default_gateway", .deleteDefaultGateway, deleteDefault),
            Endpoint(.get, "public_internet_gateways", .listInternetGateways, list),
            Endpoint(.post, "public_internet_gateways", .createInternetGateway, create),
            Endpoint(.get, "public_internet_gateways/:id", .showInternetGateway, show),
            .delete(
                "public_internet_gateways/:id",
                .deleteInternetGateway,
                controlPlane,
                Verb<InternetGateway>.deleteInternetGateway(_:if:),
                \.json
            ),
        ]
    }

    private func showDefault(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: NetworkID = try context.identifier()
        return .those(try await controlPlane.showDefaultGateway(of: id, by: context.caller))
    }

    private func createDefault(
        _ request: Request,
        _ context: CallerContext
    ) async throws -> Answer {
        let id: NetworkID = try context.identifier()
        return try await controlPlane.answer(request, context, with: { .those($0) }) { body in
            .createDefaultGateway(of: id, NewDefaultGateway(body))
        }
    }

    private func replaceDefault(
        _ request: Request,
        _ context: CallerContext
    ) async throws -> Answer {
        let id: NetworkID = try context.identifier()
        let body = NewDefaultGateway(try await request.jsonObject())
        return .those(
            try await controlPlane.perform(
                .replaceDefaultGateway(of: id, body),
                by: context.caller
            )
        )
    }

    private func deleteDefault(
        _ request: Request,
        _ context: CallerContext
    ) async throws -> Answer {
        let id: NetworkID = try context.identifier()
        return .those(
            try await controlPlane.perform(.deleteDefaultGateway(of: id), by: context.caller)
        )
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let network = try query.identifierFilter(InternetGatewayMembers.networkID)
        return .page(
            try await controlPlane.listInternetGateways(
                networkID: network,
                page: page,
                by: context.caller
            )
        )
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        try await controlPlane.answer(
            request,
            context,
            with: { .object($0.json, status: .accepted) }
        ) { body in
            .createInternetGateway(NewInternetGateway(body))
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: InternetGatewayID = try context.identifier()
        let found = try await controlPlane.showInternetGateway(id, by: context.caller)
        return .object(found.json, version: found.updatedAt)
    }
}

extension Answer {
    /// The contract answers a network's default gateway as a list, whatever was asked of it.
    fileprivate static func those(_ gateway: DefaultGateway?) -> Answer {
        .page(PageOf(.first, of: gateway.map { [$0] } ?? []))
    }
}
