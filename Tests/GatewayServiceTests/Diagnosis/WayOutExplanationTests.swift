import GatewayDomain
import GatewayService
import NetAddress
import NodeProtocol
import ServiceTestSupport
import Testing

/// Packets that leave their network, or try to.
struct WayOutExplanationTests {
    private func update(
        _ world: DiagnosisFixture,
        _ adjust: (inout GatewayChange) -> Void
    ) async throws {
        var change = GatewayChange()
        adjust(&change)
        _ = try await world.fixture.controlPlane.perform(
            .updateGateway(world.gateway.id, change),
            by: world.fixture.caller
        )
    }

    private func step(
        _ condition: PathStep.Condition,
        _ explanation: PathExplanation
    ) throws -> PathStep {
        try #require(explanation.steps.first { $0.condition == condition })
    }

    @Test(
        "an IPv6 address that no peer has gets the advice to use IPv4, with a way out and without"
    )
    func ipv6() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        for hasDefault in [false, true] {
            if hasDefault {
                var request = NewDefaultGateway()
                request.peerID = .value(world.phone.id)
                _ = try await world.fixture.controlPlane.perform(
                    .createDefaultGateway(of: world.network.id, request),
                    by: world.fixture.caller
                )
            }
            let found = try await world.explain("laptop", "2001:db8::1")
            for condition in [PathStep.Condition.sourceConfig, .route] {
                let step = try step(condition, found)
                #expect(step.outcome == .failed && step.nextStep?.contains("IPv4") == true)
            }
        }
    }

    @Test("a packet to a service goes through the gateway's node where the gateway leads there")
    func service() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        let port = try #require(PortRange("5060"))
        _ = try await world.fixture.privateService("sip", ["192.0.2.0/24"]) {
            $0.transport = .value(.udp)
            $0.ports = .value([.value(port)])
        }
        let without = try await world.explain("laptop", "192.0.2.9")
        let refused = try step(.route, without)
        #expect(refused.outcome == .failed && refused.message.hasSuffix("has no services."))
        #expect(refused.nextStep?.contains("lead to the service sip") == true)
        #expect(try step(.sourceConfig, without).outcome == .failed)

        try await update(world) { $0.enablesSIPTrunking = .value(true) }
        let untaken = try await world.explain("laptop", "192.0.2.9")
        #expect(try step(.wayOut, untaken).message.contains("has not taken up the latest change"))
        try await world.feed.report(
            gateways: [GatewayReport(id: world.gateway.id, status: .provisioned, reason: nil)]
        )
        let with = try await world.explain("laptop", "192.0.2.9")
        #expect(with.outcome == .ok, "\(with.steps)")
        #expect(try step(.route, with).message.contains("private service sip (UDP, port 5060)"))
        #expect(try step(.wayOut, with).outcome == .ok)

        try await world.feed.report(
            gateways: [
                GatewayReport(id: world.gateway.id, standing: .lackingEgress(because: "no right"))
            ]
        )
        let lacking = try await world.explain("laptop", "192.0.2.9")
        #expect(
            lacking.steps.filter { $0.outcome == .failed }.map(\.condition) == [.wayOut],
            "packets between peers are carried"
        )
        #expect(try step(.wayOut, lacking).message.contains("no right"))
        #expect(try await world.codes(world.laptop).contains("error no_way_out certain"))
    }

    @Test("the commands that give a gateway its way out are the next step of all who tell of it")
    func commands() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        _ = try await world.fixture.privateService("sip", ["192.0.2.0/24"])
        try await update(world) { $0.enablesSIPTrunking = .value(true) }
        let reason = "Rules of iptables drop it: run sudo first and sudo second."
        try await world.feed.report(
            gateways: [
                GatewayReport(id: world.gateway.id, standing: .lackingEgress(because: reason))
            ]
        )
        let sentence = "none out of its network. Rules of iptables drop it."
        let advice = "On the machine of the server, run sudo first and sudo second."
        let step = try step(.wayOut, try await world.explain("laptop", "192.0.2.9"))
        #expect(step.message.hasSuffix(sentence) && step.nextStep == advice, "\(step)")
        let ofGateway = try await world.fixture.controlPlane.diagnoseGateway(
            world.gateway.id,
            by: world.fixture.caller
        ).findings
        for findings in [try await world.findings(world.laptop), ofGateway] {
            let finding = try #require(findings.first { $0.code == .noWayOut })
            #expect(finding.message.hasSuffix(sentence) && finding.nextStep == advice)
            #expect(finding.command == "sudo first && sudo second")
        }
        let remarks = try await world.fixture.controlPlane.overview(by: world.fixture.caller)
            .remarks
        let remark = try #require(remarks.first { $0.code == .noWayOut })
        #expect(remark.message.hasSuffix(sentence) && remark.nextStep == advice)
        #expect(remark.command == "sudo first && sudo second")
    }

    @Test("a packet to a public address leaves by an internet gateway, or by a default gateway")
    func internet() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        var request = NewDefaultGateway()
        request.peerID = .value(world.phone.id)
        _ = try await world.fixture.controlPlane.perform(
            .createDefaultGateway(of: world.network.id, request),
            by: world.fixture.caller
        )
        let byPeer = try await world.explain("laptop", "8.8.8.8")
        #expect(try step(.route, byPeer).message.contains("goes to 'phone', its default gateway"))
        #expect(byPeer.outcome == .unknown, "whether the device sends everything is not known")

        var exit = NewInternetGateway()
        exit.networkID = .value(world.network.id)
        exit.regionCode = .value("local")
        _ = try await world.fixture.controlPlane.perform(
            .createInternetGateway(exit),
            by: world.fixture.caller
        )
        let byNode = try await world.explain("laptop", "8.8.8.8")
        #expect(try step(.route, byNode).message.contains("internet gateway of region local"))
        let inner = try await world.explain("laptop", "10.0.0.1")
        #expect(try step(.route, inner).outcome == .failed)
        #expect(try step(.route, inner).message.contains("public addresses only"))
    }

    @Test("packets to a service that the gateway does not lead to are told with what to do")
    func finding() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        _ = try await world.fixture.privateService("sip", ["192.0.2.0/24"])
        world.report(world.laptop) {
            $0.drops = [world.drop(.noRoute, from: "172.27.0.2", to: "192.0.2.9")]
        }
        let finding = try #require(try await world.findings(world.laptop).first)
        #expect(finding.code == .serviceNotAllowed && finding.count == 7)
        #expect(finding.message.contains("the private service sip, to which gateway"))
        #expect(finding.command == "wgw gateway update \(world.gateway.id) --services sip")
    }

    @Test("packets that do not get out of a gateway that leads out elsewhere are told with why")
    func notAllowed() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        let port = try #require(PortRange("5060"))
        _ = try await world.fixture.privateService("sip", ["192.0.2.0/24"]) {
            $0.transport = .value(.udp)
            $0.ports = .value([.value(port)])
        }
        _ = try await world.fixture.privateService("docs", ["198.51.100.0/24"])
        try await update(world) { $0.serviceNames = .value([.value("sip")]) }
        for (source, destination, code, words) in [
            ("172.27.0.2", "9.9.9.9", .egressNotAllowed, "outside of its network"),
            ("172.27.0.2", "192.0.2.9", .egressNotAllowed, "sip, with another protocol or port"),
            ("172.27.0.2", "198.51.100.1", .serviceNotAllowed, "docs, to which gateway"),
            ("10.9.0.1", "192.0.2.9", .egressNotAllowed, "a network behind the peer"),
        ] as [(String, String, Finding.Code, String)] {
            world.report(world.laptop) {
                $0.drops = [world.drop(.egressNotAllowed, from: source, to: destination)]
            }
            let findings = try await world.findings(world.laptop)
            let finding = try #require(findings.first { $0.code == code }, "\(findings)")
            #expect(finding.count == 7)
            #expect(finding.message.contains(words), "\(finding.message)")
        }
    }
}
