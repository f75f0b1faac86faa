package import GatewayService
package import Hummingbird
import HummingbirdCore
import JSON
package import Logging
import NIOCore
import OpenAPI

/// The HTTP edge: routes over the verbs of the control plane, and what happens to every request
/// before and after them.
package struct Server: Sendable {
    private let services: Services
    private let connections: ConnectionTable
    private let rateLimit: RateLimit?
    private let heartbeat: Duration
    private let showsPeers: Bool
    private let readiness: Readiness
    private let metrics: @Sendable () -> [MetricFamily]

    /// - Parameters:
    ///   - connections: how many there may be at once. One more closes the one that has been of no use
    ///     for longest.
    ///   - rateLimit: of every API key; nil for none.
    ///   - heartbeat: of streams that have nothing to tell.
    ///   - readiness: what `/readyz` answers: whether this process can do its work.
    ///   - showsPeers: whether `/metrics` has the traffic of every peer.
    ///   - metrics: what `/metrics` tells beside the API's own.
    package init(
        services: Services,
        connections: Int = 1_024,
        rateLimit: RateLimit? = .standard,
        heartbeat: Duration = .seconds(15),
        readiness: Readiness = .always,
        showsPeers: Bool = false,
        metrics: @escaping @Sendable () -> [MetricFamily] = { [] }
    ) {
        self.services = services
        self.connections = ConnectionTable(maximum: connections)
        self.rateLimit = rateLimit
        self.heartbeat = heartbeat
        self.readiness = readiness
        self.showsPeers = showsPeers
        self.metrics = metrics
    }

    /// The middleware runs from the top; what it adds to an answer is added from the bottom.
    package func router() -> Router<APIContext> {
        let requireCaller = RequireCaller(
            services: services,
            connections: connections,
            limiter: rateLimit.map(TokenBuckets.init)
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
        document.add(guarded, under: "v2", isGuarded: true)
        document.add(metrics, isGuarded: true)
        // The document describes the routes that show it.
        document.add(health + DocumentRoutes(document: ByteBuffer()).endpoints, isGuarded: false)
        let open =
            health + metrics
            + DocumentRoutes(document: ByteBuffer(string: document.json.encoded)).endpoints
        var methods = MethodTable()
        methods.add(open)
        methods.add(guarded, under: "v2")

        let router = Router(context: APIContext.self)
        router.add(middleware: IdentifyRequest())
        router.add(middleware: LogAccess())
        router.add(middleware: requests)
        router.add(middleware: OmitHeadBody())
        router.add(middleware: TellRate())
        router.add(middleware: RenderErrors())
        router.add(middleware: InviteBody())
        router.add(middleware: AnswerUnmatched(requireCaller: requireCaller, methods: methods))
        router.add(open)
        router.group("v2")
            .add(middleware: requireCaller)
            .group(context: CallerContext.self)
            .add(guarded)
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

    /// - Parameter tls: nil for plain HTTP.
    package func listener(
        host: String,
        port: Int,
        tls: TLSFiles? = nil,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) throws -> Listener {
        try Listener(
            router: router(),
            host: host,
            port: port,
            tls: tls,
            connections: connections,
            logger: logger,
            onListening: onListening
        )
    }
}
