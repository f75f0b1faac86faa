import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

/// Two gateways of one organization on one node, each with a client, whose packets leave through the node's interface.
struct OrganizationPair {
    let simulation = Simulation(seed: 3)
    let node: SimulatedNode
    let gateways: [GatewayHandle]
    let accounts: [SharedAccount]
    var clients: [SimulatedNode] = []

    var organization: SharedAccount { node.organization }

    init() throws {
        node = try SimulatedNode(
            endpoint: try #require(Endpoint("192.0.2.1:5000")),
            addresses: ["10.0.0.1/24"],
            delivery: .router,
            random: simulation.random
        )
        simulation.add(node)
        let account = SharedAccount(within: node.organization)
        let second = try node.addGateway(
            endpoint: try #require(Endpoint("192.0.2.1:5001")),
            privateKey: node.privateKey,
            addresses: ["10.0.1.1/24"],
            account: account
        )
        gateways = [node.gateway, second]
        accounts = [node.account, account]
        for number in 0..<2 {
            let client = try SimulatedNode(
                endpoint: try #require(Endpoint("198.51.100.\(number + 2):40000")),
                addresses: ["10.0.\(number).2/32"],
                delivery: .host,
                random: simulation.random
            )
            try client.add(
                node.publicKey,
                allowed: ["0.0.0.0/0"],
                endpoint: number == 0 ? node.endpoint : try #require(Endpoint("192.0.2.1:5001")),
                at: simulation.moment
            )
            _ = try node.add(
                client.publicKey,
                allowed: ["10.0.\(number).2/32"],
                on: gateways[number],
                at: simulation.moment
            )
            simulation.add(client)
            clients.append(client)
        }
        let ways = try gateways.indices.map { number in
            let configuration = try #require(
                EgressConfiguration(
                    subnet: try IPv4Prefix("10.0.\(number).0/24"),
                    mappedRange: try IPv4Prefix("100.64.\(number).0/24"),
                    services: [],
                    internet: true,
                    excluded: []
                )
            )
            return (gateways[number], configuration)
        }
        node.open(ways, beside: [try IPPrefix("10.0.0.0/24"), try IPPrefix("10.0.1.0/24")])
    }

    /// How many of so many packets of a gateway's client leave.
    func offer(_ count: Int, at number: Int) -> Int {
        node.emitted.removeAll()
        let text = String(repeating: "x", count: 1000)
        for _ in 0..<count {
            simulation.send(
                Packets.udp(from: "10.0.\(number).2", to: "8.8.8.8", text),
                from: clients[number]
            )
        }
        simulation.settle()
        return node.emitted.count
    }

    func drops(_ reason: DropReason) -> [UInt64] {
        gateways.map { node.drops(reason, of: $0) }
    }
}
