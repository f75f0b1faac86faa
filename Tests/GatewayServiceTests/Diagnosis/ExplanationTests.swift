import GatewayDomain
import GatewayService
import NetAddress
import ServiceTestSupport
import Testing

struct ExplanationTests {
    private func lines(_ explanation: PathExplanation) -> [String] {
        explanation.steps.map { "\($0.condition.rawValue) \($0.outcome)" }
    }

    @Test("a packet between two connected peers passes every step, by id, name or address")
    func connected() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        try await world.hear(world.phone)
        let explanation = try await world.explain("laptop", "\(world.phone.address)")
        #expect(explanation.outcome == .ok)
        #expect(
            lines(explanation) == [
                "source_config ok", "source_session ok", "source_gateway ok", "source_check ok",
                "source_limits ok", "route ok", "mtu ok", "target_gateway ok", "target_endpoint ok",
                "target_session ok", "target_limits ok", "target_config ok",
            ]
        )
        #expect(explanation.from.peerID == world.laptop.id)
        #expect(explanation.to.name == "phone")
        let byID = try await world.explain("\(world.laptop.id)", "\(world.phone.id)")
        #expect(byID.steps == explanation.steps)
    }

    @Test(
        "a packet to a peer that was never heard fails where the gateway does not know where to send"
    )
    func silentTarget() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        let explanation = try await world.explain("laptop", "phone")
        #expect(explanation.outcome == .failed)
        let failed = explanation.steps.filter { $0.outcome == .failed }
        #expect(failed.map(\.condition) == [.targetEndpoint, .targetSession])
        #expect(failed.allSatisfy { $0.nextStep != nil })
    }

    @Test("a config that has changed since it was fetched makes a path uncertain, at either end")
    func outdatedConfigs() async throws {
        let world = try await DiagnosisFixture()
        for peer in [world.laptop, world.phone] {
            try await world.hear(peer)
            _ = try await world.fixture.controlPlane.readPeerTunnel(
                peer.id,
                fullTunnel: false,
                by: world.fixture.caller
            )
        }
        #expect(try await world.explain("laptop", "phone").outcome == .ok)
        _ = try await world.fixture.controlPlane.perform(
            .updatePeer(world.phone.id, PeerChange()),
            by: world.fixture.caller
        )
        for (from, to, condition) in [
            ("laptop", "phone", PathStep.Condition.targetConfig),
            ("phone", "laptop", .sourceConfig),
        ] {
            let explanation = try await world.explain(from, to)
            #expect(explanation.outcome == .unknown)
            let unknown = explanation.steps.filter { $0.outcome == .unknown }
            #expect(unknown.map(\.condition) == [condition])
            #expect(
                unknown.first?.message.contains("has changed since it was last fetched") == true
            )
            #expect(unknown.first?.nextStep?.contains("the config of 'phone' anew") == true)
        }
    }

    @Test("a packet to a peer whose session is over may arrive, which the server cannot know")
    func quietTarget() async throws {
        let world = try await DiagnosisFixture(keepalive: 0)
        try await world.hear(world.phone)
        world.fixture.clock.advance(seconds: 200)
        try await world.hear(world.laptop)
        let explanation = try await world.explain("laptop", "phone")
        #expect(explanation.outcome == .unknown)
        #expect(explanation.steps.last { $0.condition == .targetSession }?.outcome == .unknown)
        world.report(world.phone) {
            $0.drops = [world.drop(.notAnswered, from: "172.27.0.2", to: "172.27.0.3")]
            $0.unansweredCalls = world.occurrences(18)
        }
        let later = try await world.explain("laptop", "phone")
        #expect(
            later.steps.filter { $0.outcome == .failed }.map(\.condition) == [
                .targetEndpoint, .targetSession,
            ]
        )
    }

    @Test("a foreign source address, a large packet and another preshared key fail at their steps")
    func failures() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        try await world.hear(world.phone, handshake: false)
        world.report(world.laptop) {
            $0.drops = [
                world.drop(.sourceNotAllowed, from: "192.168.1.5", to: "172.27.0.3"),
                world.drop(
                    .tooBig,
                    from: "172.27.0.2",
                    to: "172.27.0.3",
                    length: 1_500,
                    mtu: 1_420
                ),
            ]
        }
        world.report(world.phone) { $0.refusedAnswers = world.occurrences(2) }
        let failed = try await world.explain("laptop", "phone").steps
            .filter { $0.outcome == .failed }
        #expect(failed.map(\.condition) == [.sourceCheck, .mtu, .targetSession])
        #expect(failed[2].message.contains("different preshared keys"))
    }

    @Test(
        "a packet to an address that belongs to no peer has no route, and the gateway's own has one"
    )
    func addresses() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        let outside = try await world.explain("laptop", "8.8.8.8")
        #expect(
            outside.steps.filter { $0.outcome == .failed }.map(\.condition) == [
                .sourceConfig, .route,
            ]
        )
        for step in outside.steps where step.outcome == .failed {
            #expect(step.nextStep?.contains("make an internet gateway in region local") == true)
            #expect(step.nextStep?.contains("the default gateway of the network") == true)
        }
        let inner = try await world.explain("laptop", "10.0.0.1")
        #expect(inner.steps.first?.nextStep?.hasPrefix("Let a peer lead to the network") == true)
        #expect(outside.to == PathEnd(peerID: nil, name: nil, address: "8.8.8.8"))
        let gateway = try await world.explain("laptop", "172.27.0.1")
        #expect(gateway.outcome == .ok)
        #expect(gateway.steps.last?.condition == .mtu)
    }

    @Test("an address of a network behind a peer leads to that peer")
    func networkBehind() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        let prefix = try IPPrefix("192.168.7.0/24")
        let site = try await world.fixture.peer(of: world.gateway) {
            $0.name = .value("site")
            $0.allowedIPs = .value([Field(.value(prefix), at: "/allowed_ips/0")])
        }
        try await world.hear(site.peer)
        let explanation = try await world.explain("laptop", "192.168.7.5")
        #expect(explanation.outcome == .ok)
        #expect(
            explanation.to
                == PathEnd(peerID: site.peer.id, name: "site", address: "192.168.7.5")
        )
        #expect(try await world.explain("192.168.7.5", "laptop").from.name == "site")
    }

    @Test("a name that several peers have, or none has, is refused with what to give instead")
    func unresolved() async throws {
        let world = try await DiagnosisFixture()
        let second = try await world.fixture.peer(of: world.gateway) { $0.name = .value("phone") }
        await #expect(throws: UnresolvedPathEnd(.to, .ambiguous([world.phone.id, second.peer.id])))
        {
            try await world.explain("laptop", "phone")
        }
        await #expect(throws: UnresolvedPathEnd(.from, .unknown)) {
            try await world.explain("toaster", "laptop")
        }
        await #expect(throws: UnresolvedPathEnd(.from, .unknown)) {
            try await world.explain("8.8.8.8", "laptop")
        }
        let elsewhere = try await world.fixture.network()
        await #expect(throws: UnresolvedPathEnd(.from, .unknown)) {
            try await world.fixture.controlPlane.explainPath(
                in: elsewhere.id,
                from: "\(world.laptop.id)",
                to: "phone",
                by: world.fixture.caller
            )
        }
    }
}
