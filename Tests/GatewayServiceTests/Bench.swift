import GatewayDomain
import GatewayService
import GatewayStore
import NetAddress
import Synchronization
import Testing

/// An installation of one test's own, with a clock that only the test moves.
final class Bench: Sendable {
    let store: Store
    let masterKey: MasterKey
    let settings: InstallationSettings
    let services: Services
    let clock = TestClock()
    let dataPlane = CountingDataPlane()
    let caller: Caller

    init(
        store: Store? = nil,
        masterKey: MasterKey = .random(),
        adjust: (inout InstallationSettings) -> Void = { _ in }
    ) async throws {
        let clock = self.clock
        let store = try store ?? .inMemory()
        var settings = InstallationSettings(
            regions: [try Region.parse("local", at: clock.now())],
            publicHost: .address(.v4(IPv4Address(bits: 0xcb00_7107))),
            portRange: 5000...5999
        )
        adjust(&settings)
        self.store = store
        self.masterKey = masterKey
        self.settings = settings
        services = Services(
            store: store,
            settings: settings,
            masterKey: masterKey,
            dataPlane: dataPlane,
            now: { clock.now() }
        )
        let bootstrapped = try await services.bootstrap(firstKey: nil)
        caller = .admin(of: bootstrapped.organizationID, at: clock.now())
    }

    /// A caller of another organization.
    func stranger() async throws -> Caller {
        let organization = Organization(
            id: .random(),
            name: "stranger",
            createdAt: clock.now(),
            updatedAt: clock.now()
        )
        try await store.write { try Organizations.insert(organization, $0) }
        return .admin(of: organization.id, at: clock.now())
    }

    func network(block: String? = nil) async throws -> Network {
        var request = NewNetwork()
        request.name = .value("network")
        if let block { request.addressBlock = .value(block) }
        return try await services.createNetwork(request, by: caller)
    }

    func gateway(
        in network: Network,
        _ adjust: (inout NewGateway) -> Void = { _ in }
    ) async throws -> Gateway {
        var request = NewGateway()
        request.networkID = .value(network.id.description)
        request.regionCode = .value("local")
        adjust(&request)
        return try await services.createGateway(request, by: caller)
    }

    func peer(
        of gateway: Gateway,
        _ adjust: (inout NewPeer) -> Void = { _ in }
    ) async throws -> CreatedPeer {
        var request = NewPeer()
        request.gatewayID = .value(gateway.id.description)
        adjust(&request)
        return try await services.createPeer(request, by: caller)
    }

    /// What the body throws, which has to be problems of fields.
    func problems(_ body: () async throws -> Void) async -> [FieldProblem] {
        do {
            try await body()
            Issue.record("nothing was refused")
        } catch ServiceError.invalid(let problems) {
            return problems
        } catch {
            Issue.record(error)
        }
        return []
    }
}

/// Each look at it is a microsecond later than the last, so that lists have one order.
final class TestClock: Sendable {
    private let microseconds = Mutex<Int64>(1_723_044_592_068_774)

    func now() -> Timestamp {
        microseconds.withLock { value in
            value += 1
            return Timestamp(microseconds: value)
        }
    }

    func advance(seconds: Int64) {
        microseconds.withLock { $0 += seconds * 1_000_000 }
    }
}

final class CountingDataPlane: DataPlaneControl {
    private let count = Atomic<Int>(0)
    private let reaction = Mutex<(@Sendable () -> Void)?>(nil)

    var hints: Int { count.load(ordering: .relaxed) }

    /// Done once, before the next hint returns to the one that gives it.
    func atNextHint(_ body: @escaping @Sendable () -> Void) {
        reaction.withLock { $0 = body }
    }

    func stateChanged() {
        count.add(1, ordering: .relaxed)
        let body = reaction.withLock { reaction in
            defer { reaction = nil }
            return reaction
        }
        body?()
    }
}

extension Caller {
    static func admin(of organization: OrganizationID, at now: Timestamp) -> Caller {
        Caller(
            APIKey(
                id: .random(),
                organizationID: organization,
                name: "admin",
                prefix: nil,
                role: .admin,
                createdAt: now
            )
        )
    }
}
