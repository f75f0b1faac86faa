import APIContract
import GatewayAPI
import GatewayDomain
import GatewayService
import GatewayStore
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LogTestSupport
import Logging
import NIOCore
import NetAddress
import Portal
import RateLimiting
import ServiceTestSupport
import Testing

/// The whole control plane on a store of its own, asked through the router without a socket.
struct TestAPI: Sendable {
    static let key = "KEYtestTESTtestTESTtestTEST"

    let store: Store
    let controlPlane: ControlPlane
    let clock: SteppingClock
    let log = CapturedLog()

    static func run(
        limits: OrganizationLimits = OrganizationLimits(),
        ports: ClosedRange<UInt16> = 5000...5999,
        _ test: @Sendable (TestClient) async throws -> Void
    ) async throws {
        let api = try await TestAPI(limits: limits, ports: ports)
        try await api.serve(test)
    }

    init(
        store: Store? = nil,
        limits: OrganizationLimits = OrganizationLimits(),
        ports: ClosedRange<UInt16> = 5000...5999
    ) async throws {
        let clock = SteppingClock(step: 1_000)
        let regions = [
            try Region.parse("ashburn-va", at: clock.now()),
            try Region.parse("local=Our cellar", at: clock.now()),
        ]
        let address = try #require(IPv4Address("198.51.100.7"))
        let fixture = try await ServiceFixture(store: store, clock: clock, firstKey: Self.key) {
            $0.regions = regions
            $0.publicHost = .address(.v4(address))
            $0.portRange = ports
            $0.limits = limits
        }
        self.store = fixture.store
        self.clock = clock
        controlPlane = fixture.controlPlane
    }

    func serve(
        limiter: RateLimiter? = nil,
        showsPeers: Bool = false,
        readiness: Readiness = .always,
        _ test: @Sendable (TestClient) async throws -> Void
    ) async throws {
        let application = Application(
            router: APIRouter(
                controlPlane: controlPlane,
                limiter: limiter,
                readiness: readiness,
                showsPeers: showsPeers,
                pages: LinkPages(share: SharePage.text, errors: ErrorPage.response)
            ).router(),
            logger: Logger(label: "test") { _ in log.handler() }
        )
        try await application.test(.router) { client in
            try await test(TestClient(transport: client, key: Self.key))
        }
    }
}
