import APIContract
import GatewayDomain
import GatewayService
import GatewayStore
import JSON
import NetAddress
import NodeProtocol
import PeerConfig
import ServiceTestSupport
import Testing

/// Private services that are for some organizations only.
struct ServiceOrganizationTests {
    /// Two organizations, each with a gateway that asks for all services, and a service for the second.
    private struct World {
        let fixture: ServiceFixture
        let member: Caller
        let service: PrivateService
        let ours: (gateway: Gateway, peer: Peer)
        let theirs: (gateway: Gateway, peer: Peer)

        init() async throws {
            fixture = try await ServiceFixture()
            let stranger = try await fixture.stranger()
            member = try await .stored(
                .member,
                of: stranger.organizationID,
                at: fixture.clock.now(),
                in: fixture.store
            )
            service = try await fixture.privateService("sip", ["192.0.2.0/24"]) {
                $0.organizationIDs = .value([.value(stranger.organizationID)])
            }
            ours = try await Self.end(fixture, by: fixture.caller)
            theirs = try await Self.end(fixture, by: member)
        }

        private static func end(
            _ fixture: ServiceFixture,
            by caller: Caller
        ) async throws -> (Gateway, Peer) {
            let controlPlane = fixture.controlPlane
            let network = try await controlPlane.perform(
                .createNetwork(NewNetwork(reading: ["name": "network"])),
                by: caller
            )
            let gateway = try await controlPlane.perform(
                .createGateway(
                    NewGateway(
                        reading: [
                            "network_id": .string(network.id), "region_code": "local",
                            "enable_sip_trunking": .bool(true),
                        ]
                    )
                ),
                by: caller
            )
            let peer = try await controlPlane.perform(
                .createPeer(NewPeer(reading: ["wireguard_interface_id": .string(gateway.id)])),
                by: caller
            ).peer
            return (gateway, peer)
        }

        /// Of the configs of our peer and of theirs, and of what a node is told of the two gateways.
        func lead() async throws -> [Bool] {
            var lead: [Bool] = []
            for (end, caller) in [(ours, fixture.caller), (theirs, member)] {
                let config = try await fixture.controlPlane.readPeerTunnel(
                    end.peer.id,
                    fullTunnel: false,
                    by: caller
                ).config(for: .wgQuick)
                lead.append(config.contains("192.0.2.0/24"))
            }
            let told = try await fixture.controlPlane.nodeFeed.snapshot().gateways
            for end in [ours, theirs] {
                lead.append(told.first { $0.id == end.gateway.id }?.egress != nil)
            }
            return lead
        }

        func give(to organizations: [OrganizationID]?) async throws {
            var change = PrivateServiceChange()
            change.organizationIDs =
                organizations.map { .value($0.map { .value($0) }) } ?? .null
            _ = try await fixture.controlPlane.perform(
                .updatePrivateService(service.id, change),
                by: fixture.caller
            )
        }

        func state(of end: (gateway: Gateway, peer: Peer), _ caller: Caller) async throws
            -> ConfigState
        {
            try await fixture.controlPlane.showPeer(end.peer.id, by: caller).config.state
        }
    }

    @Test("a service for one organization is in the configs and on the nodes of no other one")
    func leads() async throws {
        let world = try await World()
        #expect(try await world.lead() == [false, true, false, true])
        try await world.give(to: nil)
        #expect(try await world.lead() == [true, true, true, true])
        #expect(try await world.state(of: world.ours, world.fixture.caller) == .current)
        try await world.give(to: [world.fixture.caller.organizationID])
        #expect(try await world.state(of: world.ours, world.fixture.caller) == .current)
        #expect(try await world.state(of: world.theirs, world.member) == .outdated)
        #expect(try await world.lead() == [true, false, true, false])
    }

    @Test("callers of other organizations neither see such a service nor can name it")
    func visibility() async throws {
        let world = try await World()
        let controlPlane = world.fixture.controlPlane
        let seen = try await controlPlane.listPrivateServices(
            name: nil,
            page: .first,
            by: world.member
        ).elements
        #expect(seen.map(\.organizationIDs) == [[world.member.organizationID]])
        try await world.give(to: [world.fixture.caller.organizationID])
        let left = try await controlPlane.listPrivateServices(
            name: nil,
            page: .first,
            by: world.member
        )
        #expect(left.elements.isEmpty && left.totalResults == 0)
        await #expect(throws: ServiceError.notFound) {
            try await controlPlane.showPrivateService(world.service.id, by: world.member)
        }
        let change = GatewayChange(reading: ["services": ["sip"]])
        let problems = await world.fixture.problems {
            _ = try await controlPlane.perform(
                .updateGateway(world.theirs.gateway.id, change),
                by: world.member
            )
        }
        #expect(problems.map(\.pointer) == ["/services/0"])
        #expect(problems.first?.reason == .unknownService("sip", known: []))
        try await world.give(to: [world.member.organizationID])
        let ours = await world.fixture.problems {
            _ = try await controlPlane.perform(
                .updateGateway(world.ours.gateway.id, change),
                by: world.fixture.caller
            )
        }
        #expect(ours.first?.reason.sentence?.contains("organization_ids") == true, "\(ours)")
    }

    @Test("an explanation does not name a service of others, and leads no packet there")
    func explanation() async throws {
        let world = try await World()
        var request = NewInternetGateway()
        request.networkID = .value(world.ours.gateway.networkID)
        request.regionCode = .value("local")
        _ = try await world.fixture.controlPlane.perform(
            .createInternetGateway(request),
            by: world.fixture.caller
        )
        let explanation = try await world.fixture.controlPlane.explainPath(
            in: world.ours.gateway.networkID,
            from: "\(world.ours.peer.id)",
            to: "192.0.2.9",
            by: world.fixture.caller
        )
        let route = explanation.steps.first { $0.condition == .route }
        #expect(route?.outcome == .failed)
        #expect(route?.message.contains("none of which is for this organization") == true)
        #expect(route?.message.contains("sip") == false)
    }

    @Test("a service names organizations that exist, and those stay while it names them")
    func existence() async throws {
        let world = try await World()
        for ids in [[], ["\(OrganizationID.random())"]] {
            let problems = await world.fixture.problems {
                let request = NewPrivateService(
                    reading: [
                        "name": "api", "prefixes": ["198.51.100.0/24"],
                        "organization_ids": .array(ids.map { .string($0) }),
                    ]
                )
                _ = try await world.fixture.controlPlane.perform(
                    .createPrivateService(request),
                    by: world.fixture.caller
                )
            }
            #expect(
                problems.map(\.pointer) == ["/organization_ids" + (ids.isEmpty ? "" : "/0")]
            )
        }
        let organization = try await world.fixture.controlPlane.perform(
            .createOrganization(NewOrganization(reading: ["name": "small"])),
            by: world.fixture.caller
        )
        try await world.give(to: [organization.id])
        await #expect(throws: ServiceError.organizationHasService(name: "sip")) {
            try await world.fixture.controlPlane.perform(
                .deleteOrganization(organization.id),
                by: world.fixture.caller
            )
        }
        try await world.give(to: nil)
        _ = try await world.fixture.controlPlane.perform(
            .deleteOrganization(organization.id),
            by: world.fixture.caller
        )
    }

    @Test("services of the config file name organizations, which have to exist at the start")
    func configured() async throws {
        let fixture = try await ServiceFixture()
        func start(_ id: OrganizationID) async throws {
            var settings = fixture.settings
            settings.privateServices = try ServiceTerms.all(
                of: [
                    NewPrivateService(
                        reading: [
                            "name": "sip", "prefixes": ["192.0.2.0/24"],
                            "organization_ids": [.string(id)],
                        ]
                    )
                ],
                by: settings.serviceRules,
                in: ["local"]
            )
            let started = ControlPlane(
                store: fixture.store,
                settings: settings,
                masterKey: fixture.masterKey,
                now: { fixture.clock.now() }
            )
            _ = try await started.prepareInstallation(firstKey: nil)
        }
        let id = fixture.caller.organizationID
        try await start(id)
        let listed = try await fixture.controlPlane.listPrivateServices(
            name: nil,
            page: .first,
            by: fixture.caller
        ).elements
        #expect(listed.map(\.organizationIDs) == [[id]])
        let unknown = OrganizationID.random()
        await #expect(throws: PreparationError.serviceOrganizationUnknown("sip", unknown)) {
            try await start(unknown)
        }
    }
}
