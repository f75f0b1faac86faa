import GatewayDomain
import GatewayService
import NetAddress
import ServiceTestSupport
import Testing

struct PacketFindingTests {
    @Test("a foreign source address is told with the one that the gateway takes")
    func source() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        world.report(world.laptop) {
            $0.drops = [world.drop(.sourceNotAllowed, from: "192.168.1.5", to: "172.27.0.3")]
        }
        let diagnosis = try await world.diagnose(world.laptop)
        #expect(diagnosis.findings.map(\.code) == [.sourceNotAllowed])
        let finding = diagnosis.findings[0]
        #expect(finding.message.contains("from 192.168.1.5 to 172.27.0.3 (phone)"))
        #expect(finding.nextStep?.contains("Address = \(world.laptop.address)/32") == true)
        #expect(finding.count == 7)
        #expect(diagnosis.drops.map(\.reason) == [.sourceNotAllowed])
    }

    @Test("a config that has changed since it was fetched is a finding until it is fetched again")
    func outdatedConfig() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        func fetch() async throws {
            _ = try await world.fixture.controlPlane.readPeerTunnel(
                world.laptop.id,
                fullTunnel: false,
                by: world.fixture.caller
            )
        }
        try await fetch()
        #expect(try await world.codes(world.laptop) == ["ok healthy certain"])
        _ = try await world.fixture.gateway(in: world.network)
        #expect(try await world.codes(world.laptop) == ["warning config_outdated certain"])
        try await fetch()
        #expect(try await world.codes(world.laptop) == ["ok healthy certain"])
    }

    @Test("a packet that went no further is a finding for an hour, and is listed for longer")
    func old() async throws {
        let world = try await DiagnosisFixture(keepalive: 0)
        try await world.hear(world.laptop)
        world.report(world.laptop) {
            $0.drops = [world.drop(.sourceNotAllowed, from: "192.168.1.5", to: "172.27.0.3")]
        }
        world.fixture.clock.advance(seconds: 3_601)
        let diagnosis = try await world.diagnose(world.laptop)
        #expect(diagnosis.findings.map(\.code) == [.healthy])
        #expect(diagnosis.drops.count == 1)
    }

    @Test(
        "a target that has not connected, an address without an owner and a large packet are told"
    )
    func targets() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        world.report(world.laptop) {
            $0.drops = [
                world.drop(.targetUnknown, from: "172.27.0.2", to: "172.27.0.3"),
                world.drop(.noRoute, from: "172.27.0.2", to: "10.1.2.3"),
                world.drop(
                    .tooBig,
                    from: "172.27.0.2",
                    to: "172.27.0.3",
                    length: 1_500,
                    mtu: 1_420
                ),
            ]
        }
        let findings = try await world.findings(world.laptop)
        #expect(findings.map(\.code) == [.targetSilent, .noRoute, .packetTooBig])
        #expect(findings[0].message.contains("172.27.0.3 (phone)"))
        #expect(findings[1].message.contains("10.1.2.3"))
        #expect(findings[2].message.contains("1500 bytes"))
        #expect(findings[2].nextStep?.contains("MTU = 1420") == true)
    }

    @Test("a peer that comes back from another port after a silence needs a keepalive")
    func forgottenMapping() async throws {
        let world = try await DiagnosisFixture(keepalive: 0)
        try await world.hear(world.laptop)
        func move(to port: UInt16, silence: Int, calledInVain: Bool) {
            let from = world.place
            world.report(world.laptop) {
                $0.moves = PeerObservations.EndpointMoves(
                    occurrences: world.occurrences(1),
                    from: from,
                    to: Endpoint(address: from.address, port: port),
                    silence: silence,
                    followsUnansweredCalls: calledInVain
                )
            }
        }
        move(to: 40_001, silence: 120, calledInVain: false)
        let finding = try #require(try await world.findings(world.laptop).first)
        #expect(finding.code == .keepaliveMissing)
        #expect(finding.message.contains("a silence of 2 minutes"))
        #expect(finding.nextStep?.contains("25 seconds") == true)
        move(to: 40_001, silence: 5, calledInVain: true)
        #expect(try await world.codes(world.laptop) == ["warning keepalive_missing likely"])
        move(to: 40_001, silence: 5, calledInVain: false)
        #expect(
            try await world.codes(world.laptop) == [
                "info endpoint_moved certain", "ok healthy certain",
            ]
        )
    }

    @Test("a peer that does not answer calls is silent, or lacks a keepalive if it has none")
    func unanswered() async throws {
        for (keepalive, code) in [(25, "silent"), (0, "keepalive_missing")] {
            let world = try await DiagnosisFixture(keepalive: keepalive)
            try await world.hear(world.laptop)
            world.report(world.laptop) { $0.unansweredCalls = world.occurrences(4) }
            #expect(try await world.codes(world.laptop) == ["warning \(code) likely"])
        }
    }

    @Test(
        "a peer with a keepalive that was not heard for minutes is silent, and one without is quiet"
    )
    func overdue() async throws {
        for (keepalive, expected) in [(25, "warning silent likely"), (0, "ok healthy certain")] {
            let world = try await DiagnosisFixture(keepalive: keepalive)
            try await world.hear(world.laptop)
            world.fixture.clock.advance(seconds: 181)
            #expect(try await world.codes(world.laptop) == [expected])
        }
    }
}
