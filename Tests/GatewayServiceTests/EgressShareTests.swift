import APIContract
import GatewayDomain
import GatewayService
import GatewayStore
import JSON
import NetAddress
import NodeProtocol
import ServiceTestSupport
import Testing

/// How much of the egress pool one organization may have.
struct EgressShareTests {
    /// A pool of four /26, of which a tenant may have half.
    private struct World {
        let fixture: ServiceFixture
        let member: Caller

        init(percent: Int? = 50) async throws {
            let pool = try IPv4Prefix("198.18.0.0/24")
            fixture = try await ServiceFixture {
                $0.egressPool = pool
                $0.limits.egressPercent = percent
            }
            let stranger = try await fixture.stranger()
            member = try await .stored(
                .member,
                of: stranger.organizationID,
                at: fixture.clock.now(),
                in: fixture.store
            )
        }

        func network(by caller: Caller) async throws -> Network {
            try await fixture.controlPlane.perform(
                .createNetwork(NewNetwork(reading: ["name": "network"])),
                by: caller
            )
        }

        func gateway(
            in network: Network,
            leadsOut: Bool = true,
            length: Int = 26,
            by caller: Caller
        ) async throws -> Gateway {
            try await fixture.controlPlane.perform(
                .createGateway(
                    NewGateway(
                        reading: [
                            "network_id": .string(network.id), "region_code": "local",
                            "enable_sip_trunking": .bool(leadsOut),
                            "subnet_prefix_length": .integer(length),
                        ]
                    )
                ),
                by: caller
            )
        }

        func range(of gateway: Gateway) async throws -> IPv4Prefix? {
            try await fixture.controlPlane.nodeFeed.snapshot().gateways
                .first { $0.id == gateway.id }?.egress?.mappedRange
        }

        func change(_ gateway: Gateway, _ change: KeyValuePairs<String, JSONValue>) async throws {
            _ = try await fixture.controlPlane.perform(
                .updateGateway(gateway.id, GatewayChange(reading: change)),
                by: member
            )
        }

        /// The pointer of the error that says that there is no room in the share.
        func refusal(_ body: () async throws -> Void) async -> String? {
            do {
                try await body()
                return nil
            } catch ServiceError.egressShareReached(let excess, let pointer) {
                #expect(excess.share.addresses == 128)
                return pointer
            } catch {
                Issue.record(error)
                return nil
            }
        }
    }

    @Test("an organization cannot take more of the egress pool than its share, however it asks")
    func share() async throws {
        let world = try await World()
        _ = try await world.fixture.privateService("sip", ["192.0.2.0/24"])
        let network = try await world.network(by: world.member)
        let first = try await world.gateway(in: network, by: world.member)
        _ = try await world.gateway(in: network, by: world.member)
        let plain = try await world.gateway(in: network, leadsOut: false, by: world.member)
        let other = try await world.network(by: world.member)
        _ = try await world.gateway(in: other, leadsOut: false, by: world.member)
        var pointers: [String?] = []
        pointers.append(
            await world.refusal { _ = try await world.gateway(in: network, by: world.member) }
        )
        pointers.append(
            await world.refusal {
                try await world.change(plain, ["enable_sip_trunking": .bool(true)])
            }
        )
        pointers.append(
            await world.refusal { try await world.change(plain, ["services": ["sip"]]) }
        )
        pointers.append(
            await world.refusal {
                var request = NewInternetGateway()
                request.networkID = .value(other.id)
                request.regionCode = Field(.value("local"), at: "/region_code")
                _ = try await world.fixture.controlPlane.perform(
                    .createInternetGateway(request),
                    by: world.member
                )
            }
        )
        #expect(
            pointers == [
                "/enable_sip_trunking", "/enable_sip_trunking", "/services", "/region_code",
            ]
        )
        // What one gateway gives back, another one gets.
        try await world.change(first, ["enable_sip_trunking": .bool(false)])
        try await world.change(plain, ["enable_sip_trunking": .bool(true)])
        #expect(try await world.range(of: plain) != nil)
    }

    @Test(
        "a service that comes later gives no organization more than its share, and waits to be told"
    )
    func laterService() async throws {
        let world = try await World()
        let network = try await world.network(by: world.member)
        var gateways: [Gateway] = []
        for _ in 0..<3 { gateways.append(try await world.gateway(in: network, by: world.member)) }
        _ = try await world.fixture.privateService("sip", ["192.0.2.0/24"])
        #expect(try await world.range(of: gateways[0]) != nil)
        #expect(try await world.range(of: gateways[1]) != nil)
        #expect(try await world.range(of: gateways[2]) == nil)
        _ = try await world.fixture.controlPlane.deleteGateway(gateways[0].id, by: world.member)
        #expect(try await world.range(of: gateways[2]) != nil)
    }

    @Test("the operator's own organization has the whole pool, and so has each one without a limit")
    func unlimited() async throws {
        for percent in [50, nil] {
            let world = try await World(percent: percent)
            _ = try await world.fixture.privateService("sip", ["192.0.2.0/24"])
            let caller = percent == nil ? world.member : world.fixture.caller
            let gateway = try await world.gateway(
                in: try await world.network(by: caller),
                length: 24,
                by: caller
            )
            #expect(try await world.range(of: gateway) == IPv4Prefix("198.18.0.0/24"))
        }
    }

    @Test("a gateway is provisioned again only when its node has taken up its new ways out")
    func standing() async throws {
        let world = try await World()
        let caller = world.member
        let network = try await world.network(by: caller)
        let gateway = try await world.gateway(in: network, by: caller)
        let feed = world.fixture.controlPlane.nodeFeed
        func status() async throws -> InterfaceStatus {
            try await world.fixture.controlPlane.showGateway(gateway.id, by: caller).status
        }
        func report() async throws {
            try await feed.report(gateways: [
                GatewayReport(id: gateway.id, status: .provisioned, reason: nil)
            ])
        }
        try await report()
        #expect(try await status() == .provisioned)
        let seen = try await feed.snapshot().revision
        let service = try await world.fixture.privateService("sip", ["192.0.2.0/24"])
        #expect(try await status() == .provisioning)
        let shown = try await world.fixture.controlPlane.showGateway(gateway.id, by: caller)
        #expect(shown.lacksEgress, "it carries packets between its peers")
        try await feed.report(
            gateways: [GatewayReport(id: gateway.id, status: .provisioned, reason: nil)],
            asOf: seen
        )
        #expect(try await status() == .provisioning, "the node has not heard of the service")
        try await report()
        #expect(try await status() == .provisioned)
        try await world.change(gateway, ["name": "other"])
        #expect(try await status() == .provisioned)
        try await world.change(gateway, ["services": .array([])])
        #expect(try await status() == .provisioning)
        try await report()
        _ = try await world.fixture.controlPlane.perform(
            .deletePrivateService(service.id),
            by: world.fixture.caller
        )
        #expect(try await status() == .provisioned, "it did not lead there")
        var request = NewInternetGateway()
        request.networkID = .value(network.id)
        request.regionCode = .value("local")
        let exit = try await world.fixture.controlPlane.perform(
            .createInternetGateway(request),
            by: caller
        )
        #expect(exit.status == .provisioning)
        #expect(try await status() == .provisioning)
    }
}
