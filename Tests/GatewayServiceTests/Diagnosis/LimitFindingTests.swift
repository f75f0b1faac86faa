import GatewayDomain
import GatewayService
import JSON
import NodeProtocol
import ServiceTestSupport
import Testing

/// Limits that keep packets of a peer back are named, with what to do.
struct LimitFindingTests {
    private func limit(
        _ subject: LimitSubject,
        _ body: KeyValuePairs<String, JSONValue>,
        _ world: DiagnosisFixture
    ) async throws {
        _ = try await world.fixture.controlPlane.perform(
            .setLimits(of: subject, NewLimits(reading: body)),
            by: world.fixture.caller
        )
    }

    private func use(_ bytes: UInt64, by peer: Peer, _ world: DiagnosisFixture) async throws {
        let counts = UsageCounts(rxPackets: 1, rxBytes: bytes)
        try await world.feed.report(peers: [
            PeerReport(
                id: peer.id,
                lastSeen: world.now,
                latestHandshakeAt: world.now,
                endpoint: world.place,
                rxBytesAdded: bytes,
                txBytesAdded: 0,
                usageAdded: HourlyUsage([
                    .init(hour: UsageHour(of: world.now), kind: .hairpin, counts: counts)
                ])
            )
        ])
    }

    private func findings(_ world: DiagnosisFixture) async throws -> [Finding] {
        try await world.fixture.controlPlane.diagnosePeer(world.laptop.id, by: world.fixture.caller)
            .findings
    }

    @Test("a quota that is used up says what passes, and when it begins anew")
    func quotas() async throws {
        let world = try await DiagnosisFixture()
        let quota: JSONValue = ["bytes": .integer(1_000_000), "action": "block"]
        try await limit(.peer(world.laptop.id), ["quota": quota], world)
        try await use(500_000, by: world.laptop, world)
        #expect(try await findings(world).map(\.code) == [.healthy])
        // The rest is too small for any packet of 1 400 bytes.
        try await use(499_000, by: world.laptop, world)
        world.report(world.laptop) {
            $0.drops = [world.drop(.quotaUsedUp, from: "172.27.0.2", to: "172.27.0.3")]
        }
        let finding = try #require(try await findings(world).first)
        #expect(finding.code == .quotaUsedUp && finding.severity == .error && finding.count == 7)
        #expect(finding.message.contains("no packet passes until 2024-09-01T00:00:00"))
        #expect(finding.command == "wgw peer limit \(world.laptop.id)")
        let overview = try await world.fixture.controlPlane.overview(by: world.fixture.caller)
        let remark = try #require(overview.remarks.first { $0.code == .quotaUsedUp })
        #expect(remark.severity == .error && remark.message.contains("peer 'laptop'"))

        world.fixture.clock.set(to: CalendarMonth(of: world.now).next.start)
        try await world.hear(world.laptop)
        #expect(try await findings(world).contains { $0.code == .quotaUsedUp } == false)
    }

    @Test("quotas of a gateway and of an organization that throttle or warn say so to their peers")
    func otherQuotas() async throws {
        let world = try await DiagnosisFixture()
        let throttle: JSONValue = [
            "bytes": .integer(1_000_000), "action": "throttle", "throttle_rate": .integer(64_000),
        ]
        let warn: JSONValue = ["bytes": .integer(1_000_000), "action": "warn"]
        try await limit(.gateway(world.gateway.id), ["quota": throttle], world)
        try await limit(.organization(world.gateway.organizationID), ["quota": warn], world)
        try await use(1_000_000, by: world.phone, world)
        let found = try await findings(world).filter { $0.code == .quotaUsedUp }
        #expect(found.map(\.severity) == [.warning, .info])
        #expect(found.first?.message.contains("64000 bits per second") == true)
        let overview = try await world.fixture.controlPlane.overview(by: world.fixture.caller)
        #expect(overview.remarks.filter { $0.code == .quotaUsedUp }.map(\.severity) == [.warning])
    }

    @Test(
        "a gateway whose quota is used up is not called healthy, nor a peer that its limit refuses"
    )
    func refused() async throws {
        let world = try await DiagnosisFixture()
        let quota: JSONValue = ["bytes": .integer(1_000_000), "action": "block"]
        try await limit(
            .gateway(world.gateway.id),
            ["quota": quota, "connected_peers": .integer(1)],
            world
        )
        try await use(1_000_000, by: world.laptop, world)
        let gateway = try await world.fixture.controlPlane.diagnoseGateway(
            world.gateway.id,
            by: world.fixture.caller
        )
        #expect(gateway.findings.first?.code == .quotaUsedUp)
        #expect(gateway.findings.first?.severity == .error)
        // Its latest handshake was a moment ago, and after that the limit was met.
        world.fixture.clock.advance(seconds: 5)
        world.report(world.laptop) {
            $0.drops = [world.drop(.connectedPeersExceeded, from: "172.27.0.2", to: "172.27.0.3")]
        }
        #expect(try await findings(world).contains { $0.code == .connectedPeersExceeded })
    }

    @Test("an explanation of a path names the quotas and rates that packets meet, at either end")
    func explained() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        try await world.hear(world.phone)
        let quota: JSONValue = ["bytes": .integer(1_000_000), "action": "block"]
        try await limit(.peer(world.phone.id), ["quota": quota], world)
        try await limit(.peer(world.laptop.id), ["rx_rate": .integer(1_000_000)], world)
        #expect(try await world.explain("laptop", "phone").outcome == .ok)
        try await use(1_000_000, by: world.phone, world)
        world.report(world.laptop) {
            $0.drops = [world.drop(.rateExceeded, from: "172.27.0.2", to: "172.27.0.3")]
        }
        let explanation = try await world.explain("laptop", "phone")
        // The gateway itself answers a peer whose quota is used up.
        let gateway = try await world.explain("phone", "172.27.0.1")
        #expect(gateway.outcome == .ok)
        let notMet = explanation.steps.filter { $0.outcome != .ok }
        try #require(notMet.map(\.condition) == [.sourceLimits, .targetLimits])
        #expect(notMet.map(\.outcome) == [.unknown, .failed])
        #expect(notMet[0].message.contains("exceeded the rate of peer 'laptop'"))
        #expect(notMet[1].message.hasPrefix("The quota of peer 'phone', 1000000 bytes in a month"))
        #expect(notMet.allSatisfy { $0.nextStep != nil })
        world.fixture.clock.advance(seconds: 61)
        let later = try await world.explain("laptop", "phone").steps
        #expect(later.first { $0.condition == .sourceLimits }?.outcome == .ok)
    }

    @Test(
        "a peer that a limit of connected peers refuses is said to be refused, and not to have never connected"
    )
    func refusedPeer() async throws {
        let world = try await DiagnosisFixture()
        try await limit(.gateway(world.gateway.id), ["connected_peers": .integer(1)], world)
        try await world.hear(world.laptop)
        func overview() async throws -> [Remark] {
            try await world.fixture.controlPlane.overview(by: world.fixture.caller).remarks
        }
        #expect(try await overview().map(\.code) == [.neverConnected])
        world.report(world.phone) {
            $0.drops = [world.drop(.connectedPeersExceeded, from: "172.27.0.3", to: "172.27.0.2")]
        }
        let remark = try #require(try await overview().first)
        #expect(try await overview().count == 1)
        #expect(remark.code == .connectedPeersExceeded)
        #expect(remark.message.hasPrefix("One peer has been refused of late"))
        #expect(remark.message.hasSuffix(": phone."))
        let steps = try await world.explain("laptop", "phone").steps
        let session = try #require(steps.first { $0.condition == .targetSession })
        #expect(session.outcome == .failed)
        #expect(session.message.contains("the limit of gateway"))
        world.fixture.clock.advance(seconds: 3_600)
        #expect(try await overview().map(\.code) == [.neverConnected])
    }

    @Test(
        "an overview names the peers whose packets exceeded a rate of late, to those who see them"
    )
    func slowedPeers() async throws {
        let world = try await DiagnosisFixture()
        try await limit(.peer(world.laptop.id), ["tx_rate": .integer(1_000_000)], world)
        try await world.hear(world.laptop)
        try await world.hear(world.phone)
        world.report(world.laptop) {
            $0.drops = [world.drop(.rateExceeded, from: "172.27.0.3", to: "172.27.0.2")]
        }
        // Those of others, which met their limits later.
        world.fixture.clock.advance(seconds: 1)
        var met = PeerObservations()
        met.drops = [world.drop(.rateExceeded, from: "172.27.0.3", to: "172.27.0.2")]
        let others = (0..<700).map { _ in (PeerID.random(), met) }
        world.feed.report(
            trouble: TroubleReport(peers: Dictionary(uniqueKeysWithValues: others))
        )
        let controlPlane = world.fixture.controlPlane
        let remark = try #require(
            try await controlPlane.overview(by: world.fixture.caller).remarks.first
        )
        #expect(remark.code == .rateExceeded && remark.severity == .info && remark.count == 1)
        #expect(remark.message.hasSuffix(": laptop."))
        let stranger = try await world.fixture.stranger()
        let codes = try await controlPlane.overview(by: stranger).remarks.map(\.code)
        #expect(codes == [.noPeers])
    }

    @Test(
        "packets beyond a rate and handshakes beyond a limit of peers name the limit that they met"
    )
    func rates() async throws {
        let world = try await DiagnosisFixture()
        world.report(world.laptop) {
            $0.drops = [
                world.drop(.gatewayRateExceeded, from: "172.27.0.2", to: "172.27.0.3"),
                world.drop(.connectedPeersExceeded, from: "172.27.0.2", to: "172.27.0.3"),
            ]
        }
        let codes: Set<Finding.Code> = [.rateExceeded, .connectedPeersExceeded]
        #expect(try await findings(world).filter { codes.contains($0.code) }.isEmpty)
        try await limit(
            .gateway(world.gateway.id),
            ["rx_rate": .integer(1_000_000), "connected_peers": .integer(1)],
            world
        )
        let found = try await findings(world).filter { codes.contains($0.code) }
        #expect(found.map(\.code) == [.connectedPeersExceeded, .rateExceeded])
        #expect(found.allSatisfy { $0.command == "wgw gateway limit \(world.gateway.id)" })
        #expect(found.last?.message.contains("1000000 bits per second from the peers") == true)
    }
}
