import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import OpenAPI
import PeerConfig
import QRCodes

struct PeerRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "wireguard_peers", .listPeers, list),
            Endpoint(.get, "wireguard_peers.csv", .exportPeers, export),
            Endpoint(.post, "wireguard_peers", .createPeer, create),
            Endpoint(.get, "wireguard_peers/:id", .showPeer, show),
            Endpoint(.patch, "wireguard_peers/:id", .updatePeer, update),
            .delete(
                "wireguard_peers/:id",
                .deletePeer,
                controlPlane,
                Verb<Peer>.deletePeer(_:if:),
                \.json
            ),
            Endpoint(.get, "wireguard_peers/:id/config", .showPeerConfig, config),
            Endpoint(.get, "wireguard_peers/:id/guide", .showPeerGuide, guide),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let filter = try query.peerFilter()
        let order: ListOrder<PeerSortMember> = try query.order()
        return .page(
            try await controlPlane.listPeers(filter, order: order, page: page, by: context.caller)
        ) { PeerAnswer($0) }
    }

    private func export(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let caller = context.caller
        let ids = try await controlPlane.listPeerIDs(
            try query.peerFilter(),
            order: try query.order(),
            by: caller
        )
        return .table(PeerTable.columns) { write in
            for start in stride(from: 0, to: ids.count, by: PeerFilter.mostIDs) {
                let part = ids[start..<min(start + PeerFilter.mostIDs, ids.count)]
                try await write(
                    try await controlPlane.peers(part, by: caller).map(PeerTable.row)
                )
            }
        }
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let delivery = try Query(request.uri.query).configDelivery()
        return try await controlPlane.answer(
            request,
            context,
            with: { .object($0.answer, status: .accepted) }
        ) { body in
            .createPeer(NewPeer(body), delivering: delivery)
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: PeerID = try context.identifier()
        let found = try await controlPlane.showPeer(id, by: context.caller)
        return .object(PeerAnswer(found), version: found.updatedAt)
    }

    private func update(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: PeerID = try context.identifier()
        let delivery = try Query(request.uri.query).configDelivery()
        let change = PeerChange(try await request.jsonObject())
        return .object(
            try await controlPlane.perform(
                .updatePeer(id, change, if: request.precondition, delivering: delivery),
                by: context.caller
            )
            .answer
        )
    }

    private func config(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let format = try query.configFormat()
        let tunnel = try await tunnel(request, query, context)
        return .plain(tunnel.config(for: format))
    }

    private func guide(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let system = try query.guideSystem()
        let tunnel = try await tunnel(request, query, context)
        return .markdown(tunnel.guide(for: system))
    }

    private func tunnel(
        _ request: Request,
        _ query: Query,
        _ context: CallerContext
    ) async throws -> PeerTunnel {
        let id: PeerID = try context.identifier()
        let isPeek = try query.flag(Parameter.peek.name)
        return try await controlPlane.readPeerTunnel(
            id,
            fullTunnel: try query.flag(Parameter.fullTunnel.name),
            isFetch: request.method == .get && !isPeek,
            by: context.caller
        )
    }
}

extension CreatedPeer {
    fileprivate var answer: PeerAnswer {
        PeerAnswer(
            peer,
            privateKey: privateKey,
            presharedKey: presharedKey,
            config: delivered.text,
            qrCode: delivered.qrCode.map { QRCodeImages(svg: $0.svg, png: $0.png) }
        )
    }
}
