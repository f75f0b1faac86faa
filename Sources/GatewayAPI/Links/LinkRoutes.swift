import GatewayDomain
import GatewayService
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import RateLimiting

/// For those who have a link to a config file, and no API key. A link that leads to nothing is answered
/// the same whatever it is, and nothing of an answer may be kept, framed or told to other sites.
struct LinkRoutes {
    /// Of every answer to a link that is not a page.
    static let privacy: HTTPFields = [
        .cacheControl: "no-store",
        .known("referrer-policy"): "no-referrer",
        .known("x-robots-tag"): "noindex, nofollow",
        .xContentTypeOptions: "nosniff",
    ]

    let controlPlane: ControlPlane
    /// Nil where people get what programs get.
    let page: LinkPages.Share?
    /// Unknown links by the address that they come from, as with wrong API keys: a known one is never
    /// refused because of them.
    private let unknownLinks = RateLimiter(RateLimit(perSecond: 1, burst: 20))
    /// Requests of each config URL.
    private let polls = RateLimiter(RateLimit(perSecond: 1, burst: 20))

    init(controlPlane: ControlPlane, page: LinkPages.Share?) {
        self.controlPlane = controlPlane
        self.page = page
    }

    var endpoints: [Endpoint<EdgeContext>] {
        [
            Endpoint(.get, "configs/:token", .pollPeerConfig, poll),
            Endpoint(.get, "shares/:token", .showSharePage, show),
            Endpoint(.post, "shares/:token", .openShare, open),
        ]
    }

    private func poll(_ request: Request, _ context: EdgeContext) async throws -> Answer {
        let fullTunnel = try Query(request.uri.query).flag("full_tunnel")
        return try await answering(request, context) {
            let config = try await controlPlane.pollPeerConfig(
                behind: context.linkSecret,
                fullTunnel: fullTunnel,
                isFetch: request.method == .get
            ) { id in
                if let wait = polls.take(for: .credential(id.uuid)).wait {
                    throw Problem.tooManyRequests(wait)
                }
            }
            var answer = Answer.plain(config.text)
            answer.headers = Self.privacy
            answer.strongTag = "\"\(config.version)\""
            return answer
        }
    }

    private func show(_ request: Request, _ context: EdgeContext) async throws -> Answer {
        try await answering(request, context) {
            let share = try await controlPlane.peerShare(behind: context.linkSecret)
            guard let page else {
                var answer = Answer.plain(
                    "A configuration is behind this link. POST takes it, once.\n"
                )
                answer.headers = Self.privacy
                return answer
            }
            return Answer(page(.offered(share)))
        }
    }

    private func open(_ request: Request, _ context: EdgeContext) async throws -> Answer {
        try await answering(request, context) {
            let opened = try await controlPlane.openPeerShare(
                behind: context.linkSecret,
                requestID: context.requestID
            )
            guard request.asksForHTML, let page else {
                var answer = Answer.plain(opened.config)
                answer.headers = Self.privacy
                return answer
            }
            return Answer(page(.opened(opened)))
        }
    }

    /// Where a link leads to nothing, people get a page and programs the problem.
    private func answering(
        _ request: Request,
        _ context: EdgeContext,
        _ answer: () async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await answer()
        } catch ServiceError.notFound {
            if let wait = unknownLinks.take(for: .source(SourceNetwork(of: context.client.address)))
                .wait
            {
                throw Problem.tooManyRequests(wait)
            }
            return try refusal(.notFound, .unknown, request)
        } catch ServiceError.linkIsSpent {
            return try refusal(.linkIsSpent, .spent, request)
        }
    }

    private func refusal(
        _ error: ServiceError,
        _ view: ShareView,
        _ request: Request
    ) throws -> Answer {
        var problem = Problem(error)
        if request.asksForHTML, let page { return Answer(page(view), problem.status) }
        problem.headers = Self.privacy
        throw problem
    }
}

extension EdgeContext {
    fileprivate var linkSecret: LinkSecret { LinkSecret(parameters.get("token") ?? "") }
}
