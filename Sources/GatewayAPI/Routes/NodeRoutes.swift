import APIContract
import GatewayDomain
import GatewayService
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

/// What carries gateways, for admins.
struct NodeRoutes {
    let controlPlane: ControlPlane
    let linkBase: LinkBase
    let certificate: @Sendable () -> String?

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "nodes", .listNodes, list),
            Endpoint(.post, "nodes", .createNode, create),
            Endpoint(.get, "nodes/:id", .showNode, show),
            Endpoint(.patch, "nodes/:id", .updateNode, update),
            .delete(
                "nodes/:id",
                .deleteNode,
                controlPlane,
                Verb<GatewayNode>.deleteNode(_:if:),
                \.json
            ),
            Endpoint(.post, "nodes/:id/join_token", .makeJoinToken, makeToken),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let name = try query.filter(NodeMembers.name)
        return .page(
            try await controlPlane.listNodes(name: name, page: page, by: context.caller),
            \.json
        )
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        try await controlPlane.answer(
            request,
            context,
            isLocked: true,
            with: answer(to: request, of: context.client)
        ) { body in
            .createNode(NewNode(body))
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: NodeID = try context.identifier()
        let found = try await controlPlane.showNode(id, by: context.caller)
        return .object(found.json, version: found.updatedAt)
    }

    private func update(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: NodeID = try context.identifier()
        let change = NodeChangeRequest(try await request.jsonObject())
        return .object(
            try await controlPlane.perform(
                .updateNode(id, change, if: request.precondition),
                by: context.caller
            ).json
        )
    }

    private func makeToken(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: NodeID = try context.identifier()
        return try await controlPlane.answer(
            request,
            context,
            isLocked: true,
            with: answer(to: request, of: context.client)
        ) { body in
            .makeJoinToken(id, NewJoinToken(body))
        }
    }

    private func answer(
        to request: Request,
        of client: ClientEnd
    ) -> @Sendable (NodeWithToken) -> Answer {
        let url = linkBase.base(for: request, of: client)
        let fingerprint = url.hasPrefix("https:") ? certificate() : nil
        return { made in
            let token = JoinToken(
                serverURL: url,
                fingerprint: fingerprint,
                nodeID: made.node.id,
                secret: made.secret.text
            )
            return .object(NodeAnswer(made.node, joinToken: token).json)
        }
    }
}
