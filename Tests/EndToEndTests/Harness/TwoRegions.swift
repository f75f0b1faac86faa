import EndToEndSupport
import TestSupport
import Testing

/// A network with a gateway in the server's region and one in another, which is on another host and a process of its own. The
/// operator's services and the internet are behind the server's host.
struct TwoRegions {
    private static let addresses: KeyValuePairs = [
        "203.0.113.0/24": "203.0.113.1", "198.51.100.7/32": "198.51.100.7",
        "192.0.2.128/25": "192.0.2.129", "9.9.9.0/24": "9.9.9.9",
    ]
    /// The router's address is in the second one.
    static let docs = "203.0.113.0/24,192.0.2.128/25"
    private static let farAddress = "192.0.2.2"

    let world: World
    let service: ServiceHost
    let ways: Ways
    let machine: RemoteMachine
    let here: GatewayRecord
    let far: GatewayRecord

    static func run(_ body: (TwoRegions) async throws -> Void) async throws {
        try await World.run(
            workers: 2,
            program: Program.egressCommand,
            options: RemoteMachine.serverOptions
        ) { world in
            let service = try world.addServiceHost(addresses)
            let host = try world.addHost("far")
            let ways = try await Ways(
                between: [Topology.endpointAddress: world.host, farAddress: host],
                delays: [(Topology.endpointAddress, farAddress, 5)],
                of: world
            )
            defer { ways.remove() }
            let machine = try RemoteMachine(on: host, endpointAddress: farAddress, of: world)
            do {
                try await machine.connectLine()
                try await machine.join()
                let network = try await world.api.createNetwork("all").id
                let here = try await world.addGateway(toNetwork: network, region: "local")
                let far = try await world.addGateway(toNetwork: network, region: "far")
                let field = TwoRegions(
                    world: world,
                    service: service,
                    ways: ways,
                    machine: machine,
                    here: here,
                    far: far
                )
                #expect(try await field.isLinkUp(), "the link is up")
                try await body(field)
            } catch {
                Issue.record("The node's log:\n\(machine.log)")
                throw error
            }
        }
    }

    func isLinkUp() async throws -> Bool {
        try await eventually {
            try await world.api.backboneLinks().map(\.state) == ["up"]
        }
    }

    func offer(_ name: String, _ prefixes: String) throws {
        try world.require(
            "service",
            "create",
            name,
            "--prefixes",
            prefixes,
            "--regions",
            "local"
        )
    }

    /// Both gateways lead to these services from now on, and their nodes know.
    func lead(to names: String) async throws {
        for gateway in [here, far] {
            try world.require("gateway", "update", gateway.id, "--services", names)
        }
        for gateway in [here, far] { try #require(try await world.isProvisioned(gateway)) }
    }

    static func address(of gateway: GatewayRecord) -> String {
        String(gateway.serverIpAddress.prefix { $0 != "/" })
    }
}
