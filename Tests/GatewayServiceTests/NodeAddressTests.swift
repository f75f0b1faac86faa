import GatewayDomain
import NetAddress
import ServiceTestSupport
import Testing

@testable import GatewayService

@Suite("Nodes at other addresses than configs say")
struct NodeAddressTests {
    /// What admins are told of a node that is to be found at 198.51.100.7.
    private static func remark(
        host: String = "198.51.100.7",
        hasAddress: Bool?,
        source: String
    ) async throws -> Remark? {
        let fixture = try await ServiceFixture()
        let session = try await fixture.connectedNode("edge", host: host).session
        await fixture.controlPlane.nodeReported(
            session,
            NodeWord(hasAddress: hasAddress, source: IPAddress(source))
        )
        return try await fixture.controlPlane.overview(by: fixture.caller).remarks
            .first { $0.code == .nodeAddressElsewhere }
    }

    @Test("a node without the address of its configs that comes from another one is remarked")
    func elsewhere() async throws {
        let remark = try #require(
            try await Self.remark(hasAddress: false, source: "203.0.113.5")
        )
        #expect(remark.severity == .warning)
        #expect(
            remark.message.contains(
                "'edge' to 198.51.100.7, an address that its machine does not have"
            )
        )
        #expect(remark.message.contains("connects from 203.0.113.5"))
        #expect(remark.command?.hasSuffix("--endpoint-address 203.0.113.5") == true)
    }

    @Test(
        "a node that has its address, comes from it, or may be behind a router, is not remarked",
        arguments: [
            (true, "203.0.113.5"), (nil, "203.0.113.5"), (false, "198.51.100.7"),
            (false, "127.0.0.1"), (false, "10.0.0.5"), (false, "192.168.1.5"),
            (false, "100.64.0.5"),
            (false, "172.31.0.5"), (false, "fd00::1"), (false, "::1"), (false, "fe80::1"),
        ] as [(Bool?, String)]
    )
    func unclear(hasAddress: Bool?, source: String) async throws {
        #expect(try await Self.remark(hasAddress: hasAddress, source: source) == nil)
    }

    @Test("of a node that is found by a name nothing is said")
    func name() async throws {
        let remark = try await Self.remark(
            host: "edge.example.com",
            hasAddress: false,
            source: "203.0.113.5"
        )
        #expect(remark == nil)
    }
}
