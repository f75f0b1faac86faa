import GatewayDomain
import GatewayService
import NetAddress
import NodeProtocol
import ServiceTestSupport
import Testing
import WireGuardCrypto

struct HandshakeFindingTests {
    private let key = X25519.publicKey(of: SecretKey(filledBy: { $0[0] = 8 }))

    @Test("a peer is told that no datagram at all has reached its gateway's port")
    func noDatagram() async throws {
        let world = try await DiagnosisFixture()
        let findings = try await world.findings(world.laptop)
        #expect(findings.map(\.code) == [.noDatagram])
        #expect(findings[0].message.contains("UDP port \(world.gateway.endpoint.port)"))
        #expect(findings[0].nextStep?.contains("Open UDP port") == true)
    }

    @Test("a peer that never connected is told so where datagrams of others reach the port")
    func neverConnected() async throws {
        let world = try await DiagnosisFixture()
        world.report([])
        #expect(try await world.codes(world.laptop) == ["error never_connected certain"])
    }

    @Test("a peer that is connected is healthy, with its latest handshake")
    func healthy() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        let diagnosis = try await world.diagnose(world.laptop)
        #expect(diagnosis.severity == .ok)
        #expect(diagnosis.findings.map(\.code) == [.healthy])
        #expect(diagnosis.findings[0].source == world.place)
    }

    @Test("a gateway that is not in service is named with its reason")
    func gateway() async throws {
        let world = try await DiagnosisFixture()
        try await world.feed.report(gateways: [
            GatewayReport(id: world.gateway.id, status: .provisioning, reason: "port 5 is in use")
        ])
        let findings = try await world.findings(world.laptop)
        #expect(findings.map(\.code) == [.gatewayNotProvisioned])
        #expect(findings[0].message.contains("port 5 is in use"))
    }

    @Test("a key that the peer had before is certain to be its own, as the journal says")
    func formerKey() async throws {
        let world = try await DiagnosisFixture()
        world.report([world.stranger(.unknownKey(world.laptop.publicKey))])
        _ = try await world.fixture.controlPlane.perform(
            .updatePeer(world.laptop.id, PeerChange()),
            by: world.fixture.caller
        )
        #expect(try await world.codes(world.laptop) == ["error unknown_key certain"])
        #expect(try await world.codes(world.phone).first == "error never_connected certain")
    }

    @Test(
        "an unknown key from where the peer was heard is likely its own, and one from elsewhere is not"
    )
    func unknownKeyByAddress() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        try await world.hear(world.phone, at: Endpoint("203.0.113.9:1"))
        world.fixture.clock.advance(seconds: 150)
        world.report([world.stranger(.unknownKey(key))])
        #expect(try await world.codes(world.laptop) == ["ok healthy certain"])
        world.fixture.clock.advance(seconds: 31)
        #expect(
            try await world.codes(world.laptop) == [
                "error unknown_key likely", "warning silent likely",
            ]
        )
        #expect(try await world.codes(world.phone) == ["warning silent likely"])
    }

    @Test(
        "an unknown key may be that of a peer that was never heard, but not if another peer has it"
    )
    func unknownKeyOfNewPeer() async throws {
        let world = try await DiagnosisFixture()
        world.report([world.stranger(.unknownKey(key))])
        #expect(
            try await world.codes(world.laptop) == [
                "error never_connected certain", "warning unknown_key possible",
            ]
        )
        let other = try await world.fixture.gateway(in: world.network)
        _ = try await world.fixture.peer(of: other) { $0.publicKey = .value(self.key) }
        #expect(try await world.codes(world.laptop) == ["error never_connected certain"])
    }

    @Test("a device that takes another key for the gateway's is told the right one")
    func wrongGatewayKey() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        world.fixture.clock.advance(seconds: 200)
        world.report([world.stranger(.wrongGatewayKey)])
        let finding = try #require(try await world.findings(world.laptop).first)
        #expect(finding.code == .wrongGatewayKey && finding.certainty == .likely)
        #expect(finding.nextStep?.contains(world.gateway.publicKey.base64) == true)
        #expect(finding.source == world.place && finding.count == 3)
    }

    @Test("an answer that cannot be opened is certain to be another preshared key")
    func refusedAnswer() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop, handshake: false)
        world.report(world.laptop) { $0.refusedAnswers = world.occurrences(1) }
        #expect(try await world.codes(world.laptop) == ["error wrong_preshared_key certain"])
    }

    @Test("answers that the peer does not use are likely another preshared key from the second on")
    func unusedAnswers() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop, handshake: false)
        world.report(world.laptop) { $0.unusedAnswers = world.occurrences(1) }
        #expect(try await world.codes(world.laptop) == ["error never_connected certain"])
        world.report(world.laptop) { $0.unusedAnswers = world.occurrences(2) }
        let findings = try await world.findings(world.laptop)
        #expect(findings.map(\.code) == [.wrongPresharedKey])
        #expect(findings[0].certainty == .likely)
        #expect(findings[0].message.contains("do not reach it"))
        #expect(findings[0].nextStep?.hasPrefix("Remove the line `PresharedKey`") == true)
    }

    @Test(
        "a clock that went back is likely where its stamps go on, and possible where it was seen once"
    )
    func clock() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        func report(_ count: Int, behind: Int, isAdvancing: Bool) {
            world.report(world.laptop) {
                $0.backwardClock = PeerObservations.BackwardClock(
                    occurrences: world.occurrences(count),
                    secondsBehind: behind,
                    isAdvancing: isAdvancing
                )
            }
        }
        report(3, behind: 7_200, isAdvancing: true)
        let finding = try #require(try await world.findings(world.laptop).first)
        #expect(finding.code == .clockWentBack && finding.certainty == .likely)
        #expect(finding.message.contains("2 hours behind"))
        report(1, behind: 7_200, isAdvancing: true)
        #expect(try await world.codes(world.laptop).first == "error clock_went_back possible")
        report(2, behind: 0, isAdvancing: false)
        #expect(try await world.codes(world.laptop) == ["ok healthy certain"])
    }

    @Test(
        "a peer that is heard in turns from two places has its config in use twice, whatever its clock says"
    )
    func turns() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        let there = Endpoint(address: .v4(IPv4Address(bits: 0xC633_6403)), port: 5_000)
        func report(_ count: Int) {
            world.report(world.laptop) {
                $0.moves = PeerObservations.EndpointMoves(
                    occurrences: world.occurrences(count + 1),
                    returns: world.occurrences(count),
                    from: world.place,
                    to: there,
                    silence: 5,
                    followsUnansweredCalls: false
                )
                $0.backwardClock = PeerObservations.BackwardClock(
                    occurrences: world.occurrences(4),
                    secondsBehind: 9,
                    isAdvancing: true
                )
            }
        }
        report(2)
        #expect(try await world.codes(world.laptop).first == "error clock_went_back likely")
        report(3)
        #expect(try await world.codes(world.laptop) == ["error config_used_twice likely"])
        let finding = try #require(try await world.findings(world.laptop).first)
        #expect(finding.message.contains("\(world.place) and \(there)"), "\(finding.message)")
        world.fixture.clock.advance(seconds: 3_700)
        try await world.hear(world.laptop)
        #expect(try await world.codes(world.laptop).first != "error config_used_twice likely")
    }

    @Test("refused handshakes from elsewhere, while the peer is connected, are of a second device")
    func secondDevice() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        func report(from source: Endpoint) {
            world.report(world.laptop) {
                $0.backwardClock = PeerObservations.BackwardClock(
                    occurrences: world.occurrences(4),
                    secondsBehind: 7_200,
                    isAdvancing: true,
                    source: source
                )
            }
        }
        report(from: Endpoint(address: world.place.address, port: world.place.port + 1))
        #expect(try await world.codes(world.laptop) == ["error config_used_twice likely"])
        report(from: world.place)
        #expect(try await world.codes(world.laptop).first == "error clock_went_back likely")
    }

    @Test("a clock that is ahead is a warning, and one that is behind is good to know")
    func clockIsOff() async throws {
        let world = try await DiagnosisFixture()
        try await world.hear(world.laptop)
        world.report(world.laptop) { $0.clockOffset = 3_600 * 24 * 3 }
        #expect(try await world.codes(world.laptop) == ["warning clock_is_off certain"])
        #expect(try await world.findings(world.laptop)[0].message.contains("3 days ahead"))
        world.report(world.laptop) { $0.clockOffset = -300 }
        #expect(
            try await world.codes(world.laptop) == [
                "info clock_is_off certain", "ok healthy certain",
            ]
        )
    }
}
