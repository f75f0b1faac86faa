import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

struct PeerRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "wireguard_peers", .listPeers, list),
            Endpoint(.post, "wireguard_peers", .createPeer, create),
            Endpoint(.get, "wireguard_peers/:id", .showPeer, show),
            Endpoint(.patch, "wireguard_peers/:id", .updatePeer, update),
            Endpoint(.delete, "wireguard_peers/:id", .deletePeer, delete),
            Endpoint(.get, "wireguard_peers/:id/config", .showPeerConfig, config),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let gateway = try query.identifierFilter(PeerMembers.gatewayID)
        let configState = try query.wordFilter(PeerMembers.configState)
        return .page(
            try await controlPlane.listPeers(
                gatewayID: gateway,
                configState: configState,
                page: page,
                by: context.caller
            )
        ) { $0.json }
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        try await controlPlane.answer(
            request,
            context,
            with: { .object($0.json, status: .accepted) }
        ) { body in
            .createPeer(NewPeer(body))
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: PeerID = try context.identifier()
        let found = try await controlPlane.showPeer(id, by: context.caller)
        return .object(found.json, version: found.updatedAt)
    }

    private func update(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: PeerID = try context.identifier()
        let change = PeerChange(try await request.jsonObject())
        return .object(
            try await controlPlane.perform(
                .updatePeer(id, change, if: request.precondition),
                by: context.caller
            )
            .json
        )
    }

    private func delete(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: PeerID = try context.identifier()
        return .object(
            try await controlPlane.perform(
                .deletePeer(id, if: request.precondition),
                by: context.caller
            ).json
        )
    }

    private func config(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: PeerID = try context.identifier()
        let fullTunnel = try Query(request.uri.query).flag("full_tunnel")
        return .plain(
            try await controlPlane.renderPeerConfig(
                id,
                fullTunnel: fullTunnel,
                isFetch: request.method == .get,
                by: context.caller
            )
        )
    }
}

extension CreatedPeer {
    var json: JSONValue {
        PeerAnswer(peer, privateKey: privateKey, presharedKey: presharedKey).json
    }
}

extension Query {
    func flag(_ name: String, default fallback: Bool = false) throws -> Bool {
        switch self[name] {
        case nil: return fallback
        case .text("false"): return false
        case .text("true"): return true
        case .text, .undecodable:
            throw Problem.parameterType(name, "'\(name)' must be true or false.")
        }
    }
}
