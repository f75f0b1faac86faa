import APIContract
package import GatewayDomain
package import GatewayService
package import GatewayStore
import JSON
import NetAddress
import StoreTestSupport
import Testing

/// An installation of one test's own, with a clock that only the test moves.
package final class ServiceFixture: Sendable {
    package let store: Store
    package let masterKey: MasterKey
    package let settings: InstallationSettings
    package let controlPlane: ControlPlane
    package let clock: SteppingClock
    package let caller: Caller

    /// - Parameter hasOwnKey: whether the caller goes on when the first key is revoked.
    package init(
        store: Store? = nil,
        masterKey: MasterKey = .random(),
        clock: SteppingClock = SteppingClock(),
        firstKey: String? = nil,
        hasOwnKey: Bool = false,
        webhooks: WebhookPorts = .closed,
        adjust: (inout InstallationSettings) -> Void = { _ in }
    ) async throws {
        self.clock = clock
        let store =
            if let store { store } else { try await TestStore.make() }
        var settings = InstallationSettings(
            regions: [try Region.parse("local", at: clock.now())],
            publicHost: .address(.v4(IPv4Address(bits: 0xcb00_7107))),
            portRange: 5000...5999
        )
        // Passwords of tests are not worth a second each.
        settings.passwordCost = PasswordCost(exponent: 4)
        adjust(&settings)
        self.store = store
        self.masterKey = masterKey
        self.settings = settings
        controlPlane = ControlPlane(
            store: store,
            settings: settings,
            masterKey: masterKey,
            now: { clock.now() },
            uptime: { clock.uptime },
            webhooks: webhooks
        )
        let prepared = try await controlPlane.prepareInstallation(firstKey: firstKey)
        let organization = prepared.organizationID
        let first = try await store.read { try APIKeys.madeAtStart(of: organization, $0).first }
        if let first, !hasOwnKey {
            caller = Caller(first)
        } else {
            caller = try await .admin(of: organization, at: clock.now(), in: store)
        }
    }

    /// A second server on the same database.
    package func otherServer(
        on store: Store? = nil,
        masterKey: MasterKey? = nil,
        webhooks: WebhookPorts = .closed
    ) -> ControlPlane {
        ControlPlane(
            store: store ?? self.store,
            settings: settings,
            masterKey: masterKey ?? self.masterKey,
            now: { [clock] in clock.now() },
            uptime: { [clock] in clock.uptime },
            server: .random(),
            webhooks: webhooks
        )
    }

    /// A caller of another organization.
    package func stranger() async throws -> Caller {
        let organization = Organization(
            id: .random(),
            name: "stranger",
            createdAt: clock.now(),
            updatedAt: clock.now()
        )
        try await store.write { try Organizations.insert(organization, $0) }
        return try await .admin(of: organization.id, at: clock.now(), in: store)
    }

    package func network(block: String? = nil) async throws -> Network {
        let request = NewNetwork(reading: ["name": "network", "address_block": .string(block)])
        return try await controlPlane.perform(.createNetwork(request), by: caller)
    }

    package func gateway(
        in network: Network,
        _ adjust: (inout NewGateway) throws -> Void = { _ in }
    ) async throws -> Gateway {
        var request = NewGateway(
            reading: ["network_id": .string(network.id), "region_code": "local"]
        )
        try adjust(&request)
        return try await controlPlane.perform(.createGateway(request), by: caller)
    }

    /// One that is made through the API.
    package func privateService(
        _ name: String,
        _ prefixes: [String],
        _ adjust: (inout NewPrivateService) -> Void = { _ in }
    ) async throws -> PrivateService {
        var request = NewPrivateService(
            reading: [
                "name": .string(name), "prefixes": .array(prefixes.map { .string($0) }),
            ]
        )
        adjust(&request)
        return try await controlPlane.perform(.createPrivateService(request), by: caller)
    }

    package func peer(
        of gateway: Gateway,
        _ adjust: (inout NewPeer) -> Void = { _ in }
    ) async throws -> CreatedPeer {
        var request = NewPeer(reading: ["wireguard_interface_id": .string(gateway.id)])
        adjust(&request)
        return try await controlPlane.perform(.createPeer(request), by: caller)
    }

    /// What the body throws, which has to be problems of fields.
    package func problems(_ body: () async throws -> Void) async -> [FieldProblem] {
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

extension Caller {
    /// Has a key with an end, which is never the last one of an admin.
    package static func admin(
        of organization: OrganizationID,
        at now: Timestamp,
        in store: Store
    ) async throws -> Caller {
        try await stored(.admin, of: organization, at: now, in: store)
    }

    package static func stored(
        _ role: Role,
        of organization: OrganizationID,
        at now: Timestamp,
        in store: Store
    ) async throws -> Caller {
        let key = APIKey(
            id: .random(),
            organizationID: organization,
            name: role.rawValue,
            prefix: nil,
            role: role,
            expiresAt: now.advanced(bySeconds: 100 * 365 * 86_400),
            createdAt: now
        )
        let hash = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
        try await store.write { try APIKeys.insert(key, hash: hash, $0) }
        return Caller(key)
    }
}
