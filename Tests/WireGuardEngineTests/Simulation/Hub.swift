import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import WireGuardEngine

/// A hub and its clients, with stock roles: the hub knows no endpoints, the clients know the hub's.
struct Hub {
    let simulation: Simulation
    let gateway: SimulatedNode
    var clients: [SimulatedNode] = []
    var handles: [PeerHandle] = []

    init(
        clients count: Int = 2,
        seed: UInt64 = 1,
        keepalive: UInt16 = 0,
        addresses: [String] = ["10.0.0.1/24", "fd00::1/64"],
        mtu: Int = 1420,
        workers: Int = 1
    ) throws {
        simulation = Simulation(seed: seed)
        gateway = try SimulatedNode(
            endpoint: try #require(Endpoint("192.0.2.1:5000")),
            addresses: addresses,
            delivery: .router,
            random: simulation.random,
            mtu: mtu,
            workers: workers
        )
        simulation.add(gateway)
        for number in 2..<2 + count {
            let client = try SimulatedNode(
                endpoint: try #require(Endpoint("198.51.100.\(number):40000")),
                addresses: ["10.0.0.\(number)/32", "fd00::\(number)/128"],
                delivery: .host,
                random: simulation.random
            )
            try client.add(
                gateway.publicKey,
                allowed: ["10.0.0.0/24", "fd00::/64"],
                endpoint: gateway.endpoint,
                keepalive: keepalive,
                at: simulation.moment
            )
            handles.append(
                try gateway.add(
                    client.publicKey,
                    allowed: ["10.0.0.\(number)/32", "fd00::\(number)/128"],
                    at: simulation.moment
                )
            )
            simulation.add(client)
            clients.append(client)
        }
    }

    /// Every client has a session with the gateway.
    func connect() {
        for (index, client) in clients.enumerated() {
            simulation.send(
                Packets.echo(from: "10.0.0.\(index + 2)", to: "10.0.0.1"),
                from: client
            )
        }
        simulation.settle()
        for client in clients { client.received.removeAll() }
    }
    /// Sends from one client and gives what comes back to it.
    func answers(to packet: [UInt8], from index: Int = 0) -> [[UInt8]] {
        clients[index].received.removeAll()
        simulation.send(packet, from: clients[index])
        simulation.settle()
        return clients[index].received
    }

    /// Forwards a packet from the first client to the second and gives what arrives.
    func forward(_ packet: [UInt8]) -> [[UInt8]] {
        clients[1].received.removeAll()
        simulation.send(packet, from: clients[0])
        simulation.settle()
        return clients[1].received
    }
}
