package import GatewayService
package import HTTPEdge
package import Hummingbird
import JSON
import NIOCore
import OpenAPI

/// The routes over the verbs of the control plane, behind what the edge does for every request.
package struct APIRouter: Sendable {
    private let services: Services
    private let connections: ConnectionTable
    private let rateLimit: RateLimit?
    private let heartbeat: Duration
    private let showsPeers: Bool
    private let readiness: Readiness
    private let metrics: @Sendable () -> [MetricFamily]

    /// - Parameters:
    ///   - connections: those of the listener that this router is given to.
    ///   - rateLimit: of every API key; nil for none.
    ///   - heartbeat: how often a stream without changes sends a line.
    ///   - readiness: what `/readyz` answers: whether this process can do its work.
    ///   - showsPeers: whether `/metrics` has the traffic of every peer.
    ///   - metrics: what `/metrics` tells beside the API's own.
    package init(
        services: Services,
        connections: ConnectionTable = ConnectionTable(),
        rateLimit: RateLimit? = .standard,
        heartbeat: Duration = .seconds(15),
        readiness: Readiness = .always,
        showsPeers: Bool = false,
        metrics: @escaping @Sendable () -> [MetricFamily] = { [] }
    ) {
        self.services = services
        self.connections = connections
        self.rateLimit = rateLimit
        self.heartbeat = heartbeat
        self.readiness = readiness
        self.showsPeers = showsPeers
        self.metrics = metrics
    }

    package func router() -> Router<EdgeContext> {
        let requireCaller = RequireCaller(
            authentication: BearerKey(services: services),
            connections: connections,
            limiter: rateLimit.map(RateLimiter.init)
        )
        let requests = RequestMetrics()
        let health = HealthRoutes(readiness: readiness).endpoints
        let metrics = MetricsRoutes(
            requireCaller: requireCaller,
            traffic: services.measureTraffic,
            showsPeers: showsPeers,
            requests: requests,
            others: metrics
        ).endpoints
        let guarded = guarded
        var document = Document.ofAPI()
        document.add(guarded, under: "v2")
        document.add(metrics)
        // The document describes the routes that show it.
        document.add(health + DocumentRoutes(document: ByteBuffer()).endpoints)
        let open =
            health + metrics
            + DocumentRoutes(document: ByteBuffer(string: document.json.encoded)).endpoints
        var methods = MethodTable()
        methods.add(open)
        methods.add(guarded, under: "v2")

        let router = Router(context: EdgeContext.self)
        router.addEdge(counting: requests)
        router.add(middleware: RenderErrors())
        router.add(middleware: InviteBody())
        router.add(middleware: AnswerUnmatched(requireCaller: requireCaller, methods: methods))
        router.add(open)
        router.group("v2").add(guarded, for: requireCaller)
        return router
    }

    private var guarded: [Endpoint<CallerContext>] {
        OrganizationRoutes(services: services).endpoints
            + APIKeyRoutes(services: services).endpoints
            + NetworkRoutes(services: services).endpoints
            + RegionRoutes(services: services).endpoints
            + GatewayRoutes(services: services).endpoints
            + PeerRoutes(services: services).endpoints
            + EgressRoutes(services: services).endpoints
            + EventRoutes(
                services: services,
                stream: ChangeStream(
                    follow: services.followEvents,
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
