import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

/// Links to the config files of peers, for those who make them. `LinkRoutes` is for those who have them.
struct PeerShareRoutes {
    let controlPlane: ControlPlane
    let linkBase: LinkBase

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "wireguard_peer_shares", .listPeerShares, list),
            Endpoint(.post, "wireguard_peers/:id/shares", .createPeerShare, create),
            Endpoint(.get, "wireguard_peer_shares/:id", .showPeerShare, show),
            .delete(
                "wireguard_peer_shares/:id",
                .revokePeerShare,
                controlPlane,
                Verb<PeerShare>.revokePeerShare(_:if:),
                \.json
            ),
            Endpoint(.get, "wireguard_peers/:id/config_urls", .listPeerConfigURLs, listURLs),
            Endpoint(.get, "wireguard_peers/:id/config_url", .showPeerConfigURL, showURL),
            Endpoint(.post, "wireguard_peers/:id/config_url", .createPeerConfigURL, createURL),
            .delete(
                "wireguard_peers/:id/config_url",
                .deletePeerConfigURL,
                controlPlane,
                Verb<PeerConfigURL>.deletePeerConfigURL(of:if:),
                \.json
            ),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let peer = try query.identifierFilter(PeerShareMembers.peerID)
        return .page(
            try await controlPlane.listPeerShares(of: peer, page: page, by: context.caller)
        ) { PeerShareAnswer($0) }
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: PeerID = try context.identifier()
        let linkBase = linkBase
        return try await controlPlane.answer(
            request,
            context,
            isLocked: true,
            with: { created in
                let url = linkBase.link(
                    to: "shares/\(created.secret.text)",
                    from: request,
                    of: context.client
                )
                return .object(PeerShareAnswer(created.share, url: url).json)
            }
        ) { body in
            .createPeerShare(id, NewPeerShare(body))
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: PeerShareID = try context.identifier()
        let found = try await controlPlane.showPeerShare(id, by: context.caller)
        return .object(found.json, version: found.updatedAt)
    }

    private func listURLs(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: PeerID = try context.identifier()
        return .list(
            try await controlPlane.listPeerConfigURLs(of: id, by: context.caller).map(\.json)
        )
    }

    private func showURL(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: PeerID = try context.identifier()
        let found = try await controlPlane.showPeerConfigURL(of: id, by: context.caller)
        return .object(found.json, version: found.createdAt)
    }

    private func createURL(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: PeerID = try context.identifier()
        let linkBase = linkBase
        return try await controlPlane.answer(
            request,
            context,
            with: { created in
                let url = linkBase.link(
                    to: "configs/\(created.secret.text)",
                    from: request,
                    of: context.client
                )
                return .object(PeerConfigURLAnswer(created.configURL, url: url).json)
            }
        ) { _ in
            .createPeerConfigURL(of: id)
        }
    }
}
