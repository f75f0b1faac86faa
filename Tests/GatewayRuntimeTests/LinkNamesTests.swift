import DataPlane
import GatewayDomain
import Logging
import NetAddress
import NodeProtocol
import Synchronization
import Testing
import WireGuardCrypto

@testable import GatewayRuntime

@Suite("Nodes that are known by name are looked for, and looked for again")
struct LinkNamesTests {
    private let name: HostName
    private let first = IPAddress.v4(IPv4Address(bits: 0xC633_6407))
    private let second = IPAddress.v4(IPv4Address(bits: 0xC633_6408))

    init() throws { name = try #require(HostName("far.example.net")) }

    @Test("a name is asked for each minute, and every five seconds while it is not found")
    func pauses() async {
        let answer = Mutex<[IPAddress]>([])
        let asked = Mutex(0)
        let names = LinkNames(
            lookUp: { _ in
                asked.withLock { $0 += 1 }
                return answer.withLock(\.self)
            },
            logger: Logger(label: "test")
        )
        let start = ContinuousClock.now
        names.want([name])
        func look(after seconds: Int) async -> (asked: Int, address: IPAddress?) {
            await names.lookUpDue(at: start + .seconds(seconds) + .seconds(1))
            return (asked.withLock(\.self), names.addresses[name])
        }
        #expect(await look(after: 0) == (1, nil))
        #expect(await look(after: 4) == (1, nil))
        answer.withLock { $0 = [first] }
        #expect(await look(after: 5) == (2, first))
        answer.withLock { $0 = [second] }
        #expect(await look(after: 64) == (2, first))
        #expect(await look(after: 65) == (3, second))
        answer.withLock { $0 = [first, second] }
        #expect(await look(after: 125) == (4, second), "it is there still")
        answer.withLock { $0 = [] }
        #expect(await look(after: 185) == (5, second), "where it was found last")
        names.want([])
        #expect(names.addresses.isEmpty)
        #expect(await look(after: 999) == (5, nil))
    }

    @Test("a link leads where the name of the other node leads, and follows it")
    func follow() throws {
        var state = NodeState()
        let gateway = GatewayProvision(
            id: .random(),
            networkID: .random(),
            name: nil,
            privateKey: SecretKey(filledBy: { _ in }),
            port: 5000,
            serverAddress: try InterfaceAddress("10.0.1.1/24"),
            subnet: try IPv4Prefix("10.0.1.0/24"),
            mtu: 1420,
            egress: nil,
            standing: GatewayStanding(status: .provisioning, reason: nil)
        )
        let changes = state.take([.gatewayPut(gateway), .linkPut(try link(of: gateway))])
        #expect(endpoints(changes) == [nil], "it is waited for")
        #expect(state.linkNames == [name])
        #expect(endpoints(state.locate([name: first])) == [Endpoint(address: first, port: 5999)])
        #expect(state.locate([name: first]).isEmpty)
        #expect(endpoints(state.locate([name: second])) == [Endpoint(address: second, port: 5999)])
    }

    private func link(of gateway: GatewayProvision) throws -> LinkProvision {
        LinkProvision(
            id: .random(),
            networkID: gateway.networkID,
            gatewayID: gateway.id,
            remoteNodeID: .random(),
            remoteGatewayID: .random(),
            remoteAddress: .v4(IPv4Address(bits: 2)),
            remoteSubnet: try IPv4Prefix("10.0.2.0/24"),
            remotePrefixes: [],
            mtu: 1420,
            lanes: [
                LinkProvision.Lane(
                    privateKey: SecretKey(filledBy: { _ in }),
                    port: 5999,
                    remotePublicKey: .zero,
                    remoteEndpoint: PublicEndpoint(host: .name(name), port: 5999)
                )
            ]
        )
    }

    private func endpoints(_ changes: [DesiredChange]) -> [Endpoint?] {
        changes.flatMap { change -> [Endpoint?] in
            guard case .link(let link) = change else { return [] }
            return link.lanes.map(\.endpoint)
        }
    }
}
