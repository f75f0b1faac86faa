package import GatewayDomain
package import GatewayService
package import HTTPEdge
package import Hummingbird
import JSON
import NIOCore
package import OpenAPI
package import RateLimiting

/// The routes over the verbs of the control plane, behind what the edge does for every request.
package struct APIRouter: Sendable {
    private let controlPlane: ControlPlane
    private let program: RunningServer.Program
    private let connections: ConnectionTable
    private let limiter: RateLimiter?
    private let heartbeat: Duration
    private let showsPeers: Bool
    private let readiness: Readiness
    private let linkBase: LinkBase
    private let certificate: @Sendable () -> String?
    private let client: FindClient
    private let pages: LinkPages?
    private let metrics: @Sendable () -> [MetricFamily]

    /// - Parameters:
    ///   - program: what answers.
    ///   - connections: those of the listener that this router is given to.
    ///   - limiter: of the requests of every API key and user; nil for no limit.
    ///   - heartbeat: how often a stream without changes sends a line.
    ///   - readiness: what `/readyz` answers: whether this process can do its work.
    ///   - showsPeers: whether `/metrics` has the traffic of every peer.
    ///   - linkBase: what the links that are given away begin with.
    ///   - certificate: the fingerprint of the server's own certificate, by which nodes know it; nil without one.
    ///   - client: finds out who is at the other end of a request.
    ///   - pages: for people who follow links; nil where they get what programs get.
    ///   - metrics: what `/metrics` tells beside the API's own.
    package init(
        controlPlane: ControlPlane,
        program: RunningServer.Program = .unnamed,
        connections: ConnectionTable = ConnectionTable(),
        limiter: RateLimiter? = RateLimiter(.standard),
        heartbeat: Duration = .seconds(15),
        readiness: Readiness = .always,
        showsPeers: Bool = false,
        linkBase: LinkBase = .ofRequest,
        certificate: @escaping @Sendable () -> String? = { nil },
        client: FindClient = FindClient(),
        pages: LinkPages? = nil,
        metrics: @escaping @Sendable () -> [MetricFamily] = { [] }
    ) {
        self.controlPlane = controlPlane
        self.program = program
        self.connections = connections
        self.limiter = limiter
        self.heartbeat = heartbeat
        self.readiness = readiness
        self.showsPeers = showsPeers
        self.linkBase = linkBase
        self.certificate = certificate
        self.client = client
        self.pages = pages
        self.metrics = metrics
    }

    /// - Parameter others: what sits on the edge beside the API, which the document describes.
    package func router(
        beside others: (Document) -> EdgeRoutes = { _ in .none }
    ) -> Router<EdgeContext> {
        let requireCaller = RequireCaller(
            authentication: Credentials(controlPlane: controlPlane),
            connections: connections,
            limiter: limiter
        )
        let requests = RequestMetrics()
        let health = HealthRoutes(readiness: readiness).endpoints
        let metrics = MetricsRoutes(
            requireCaller: requireCaller,
            controlPlane: controlPlane,
            showsPeers: showsPeers,
            requests: requests,
            others: metrics
        ).endpoints
        let links = LinkRoutes(controlPlane: controlPlane, page: pages?.share).endpoints
        let guarded = guarded
        var document = Document.ofAPI()
        document.add(guarded, under: "v2")
        document.add(links)
        document.add(metrics)
        // The document describes the routes that show it.
        document.add(health + documentRoutes(ByteBuffer()).endpoints)
        let open =
            health + metrics + links
            + documentRoutes(ByteBuffer(bytes: document.json.encodedBytes)).endpoints
        let others = others(document)
        var methods = MethodTable()
        methods.add(open)
        methods.add(guarded, under: "v2")
        methods.add(others.routes)

        let router = Router(context: EdgeContext.self)
        router.addEdge(from: client, counting: requests, beside: others.routes)
        router.add(middleware: ProtectAnswers())
        router.add(middleware: RenderErrors())
        router.add(middleware: InviteBody())
        router.add(
            middleware: AnswerUnmatched(
                requireCaller: requireCaller,
                methods: methods,
                answerUnknownPath: others.answerUnknownPath
            )
        )
        router.add(open)
        router.add(others.routes)
        router.group("v2").add(guarded, for: requireCaller)
        return router
    }

    private func documentRoutes(_ document: ByteBuffer) -> DocumentRoutes {
        DocumentRoutes(document: document, errorPage: pages?.errors)
    }

    private var guarded: [Endpoint<CallerContext>] {
        OrganizationRoutes(controlPlane: controlPlane).endpoints
            + APIKeyRoutes(controlPlane: controlPlane).endpoints
            + UserRoutes(controlPlane: controlPlane, linkBase: linkBase).endpoints
            + SessionRoutes(controlPlane: controlPlane, linkBase: linkBase).endpoints
            + NetworkRoutes(controlPlane: controlPlane).endpoints
            + RegionRoutes(controlPlane: controlPlane).endpoints
            + NodeRoutes(
                controlPlane: controlPlane,
                linkBase: linkBase,
                certificate: certificate
            ).endpoints
            + GatewayRoutes(controlPlane: controlPlane).endpoints
            + PeerRoutes(controlPlane: controlPlane).endpoints
            + PeerShareRoutes(controlPlane: controlPlane, linkBase: linkBase).endpoints
            + DiagnosisRoutes(controlPlane: controlPlane).endpoints
            + EgressRoutes(controlPlane: controlPlane).endpoints
            + BackboneRoutes(controlPlane: controlPlane).endpoints
            + PrivateServiceRoutes(controlPlane: controlPlane).endpoints
            + NetworkRouteRoutes(controlPlane: controlPlane).endpoints
            + RehearsalRoutes(controlPlane: controlPlane).endpoints
            + TrafficRoutes(controlPlane: controlPlane).endpoints
            + UsageRoutes(controlPlane: controlPlane).endpoints
            + CostRoutes(controlPlane: controlPlane).endpoints
            + LimitRoutes(controlPlane: controlPlane).endpoints
            + WebhookRoutes(controlPlane: controlPlane).endpoints
            + OverviewRoutes(controlPlane: controlPlane).endpoints
            + ServerRoutes(program: program).endpoints
            + EventRoutes(
                controlPlane: controlPlane,
                stream: ChangeStream(
                    controlPlane: controlPlane,
                    connections: connections,
                    heartbeat: heartbeat
                )
            ).endpoints
    }

    /// What the edge answers to a request that reaches no route.
    package static func write(_ refusal: Refusal) -> (mediaType: String, text: String) {
        (Answer.jsonType, Problem(refusal).json.encoded)
    }
}
