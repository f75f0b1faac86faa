import GatewayAPI
import GatewayDomain
import GatewayService
import GatewayStore
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import NetAddress
import Synchronization
import Testing

/// The whole control plane on a store of its own, asked through the router without a socket.
struct TestAPI: Sendable {
    static let key = "KEYtestTESTtestTESTtestTEST"

    let store: Store
    let services: Services
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
        let clock = StepClock()
        let store = try store ?? .inMemory()
        self.store = store
        services = Services(
            store: store,
            settings: InstallationSettings(
                regions: [
                    try Region.parse("ashburn-va", at: clock.now()),
                    try Region.parse("local=Our cellar", at: clock.now()),
                ],
                publicHost: .address(.v4(try #require(IPv4Address("198.51.100.7")))),
                portRange: ports,
                limits: limits
            ),
            masterKey: MasterKey.random(),
            dataPlane: NoDataPlane(),
            now: { clock.now() }
        )
        _ = try await services.bootstrap(firstKey: Self.key)
    }

    func serve(
        rateLimit: RateLimit? = nil,
        showsPeers: Bool = false,
        readiness: Readiness = .always,
        _ test: @Sendable (TestClient) async throws -> Void
    ) async throws {
        let application = Application(
            router: Server(
                services: services,
                rateLimit: rateLimit,
                readiness: readiness,
                showsPeers: showsPeers
            ).router(),
            logger: Logger(label: "test") { _ in log.handler() }
        )
        try await application.test(.router) { client in
            try await test(TestClient(transport: client, key: Self.key))
        }
    }
}

private struct NoDataPlane: DataPlaneControl {
    func stateChanged() {}
}

/// Every look at it is a millisecond later, so that orders by time are known.
final class StepClock: Sendable {
    private let microseconds = Mutex<Int64>(1_723_044_592_068_774)

    func now() -> Timestamp {
        microseconds.withLock { now in
            now += 1_000
            return Timestamp(microseconds: now)
        }
    }
}
