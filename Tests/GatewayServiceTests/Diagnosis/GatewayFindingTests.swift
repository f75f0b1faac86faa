import GatewayDomain
import GatewayService
import NetAddress
import NodeProtocol
import ServiceTestSupport
import Testing
import WireGuardCrypto

struct GatewayFindingTests {
    private let key = X25519.publicKey(of: SecretKey(filledBy: { $0[0] = 8 }))

    @Test("a gateway is told that none of its peers has reached it, until one has")
    func silence() async throws {
        let world = try await DiagnosisFixture()
        #expect(try await world.gatewayCodes() == ["warning no_datagram"])
        try await world.hear(world.laptop)
        #expect(try await world.gatewayCodes() == ["ok healthy"])
        let empty = try await world.fixture.gateway(in: world.network)
        try await world.feed.report(gateways: [
            GatewayReport(id: empty.id, status: .provisioned, reason: nil)
        ])
        #expect(try await world.gatewayCodes(of: empty.id) == ["ok healthy"])
    }

    @Test("an unknown key and a wrong key of the gateway are told with where they come from")
    func strangers() async throws {
        let world = try await DiagnosisFixture()
        world.report([world.stranger(.unknownKey(key)), world.stranger(.wrongGatewayKey)])
        let findings = try await world.diagnoseGateway().findings
        #expect(findings.map(\.code) == [.unknownKey, .wrongGatewayKey])
        #expect(findings.allSatisfy { $0.source == world.place && $0.count == 3 })
        #expect(findings[0].message.contains(key.base64))
        #expect(findings[1].nextStep?.contains(world.gateway.publicKey.base64) == true)
    }

    @Test(
        "a key of a peer of another gateway is told with that peer and the endpoint of its gateway"
    )
    func wrongGateway() async throws {
        let world = try await DiagnosisFixture()
        world.report([world.stranger(.unknownKey(key))])
        let other = try await world.fixture.gateway(in: world.network)
        _ = try await world.fixture.peer(of: other) {
            $0.publicKey = .value(self.key)
            $0.name = .value("tablet")
        }
        let finding = try #require(try await world.diagnoseGateway().findings.first)
        #expect(finding.message.contains("'tablet', which is a peer of another gateway"))
        #expect(finding.nextStep?.contains("\(other.endpoint)") == true)
    }

    @Test("a key that a peer of the gateway has by now is no stranger's")
    func knownByNow() async throws {
        let world = try await DiagnosisFixture()
        world.report([world.stranger(.unknownKey(world.laptop.publicKey))])
        #expect(try await world.gatewayCodes() == ["ok healthy"])
    }

    @Test("a gateway of another organization has no diagnosis")
    func scope() async throws {
        let world = try await DiagnosisFixture()
        await #expect(throws: ServiceError.notFound) {
            try await world.fixture.controlPlane.diagnoseGateway(
                .random(),
                by: world.fixture.caller
            )
        }
    }
}

extension DiagnosisFixture {
    fileprivate func diagnoseGateway(_ id: GatewayID? = nil) async throws -> GatewayDiagnosis {
        try await fixture.controlPlane.diagnoseGateway(id ?? gateway.id, by: fixture.caller)
    }

    fileprivate func gatewayCodes(of id: GatewayID? = nil) async throws -> [String] {
        try await diagnoseGateway(id).findings.map { "\($0.severity) \($0.code.rawValue)" }
    }
}
