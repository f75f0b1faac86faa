import NetAddress
import Testing
import WireGuardCrypto

@testable import WireGuardEngine

/// A hub and its clients, with stock roles: the hub knows no endpoints, the clients know the hub's.
struct Hub {
    let simulation: Simulation
    let gateway: SimulatedNode
    var clients: [SimulatedNode] = []
    var handles: [PeerHandle] = []

    init(clients count: Int = 2, seed: UInt64 = 1, keepalive: UInt16 = 0) throws {
        simulation = Simulation(seed: seed)
        gateway = try SimulatedNode(
            endpoint: try #require(Endpoint("192.0.2.1:5000")),
            addresses: ["10.0.0.1/24", "fd00::1/64"],
            delivery: .router,
            random: simulation.random
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
}

@Suite("A hub forwards between its peers")
struct HairpinTests {
    @Test("a packet from peer to peer arrives with one hop less", arguments: ["v4", "v6"])
    func hairpin(family: String) throws {
        let hub = try Hub()
        hub.connect()
        let (from, to) = family == "v4" ? ("10.0.0.2", "10.0.0.3") : ("fd00::2", "fd00::3")
        hub.simulation.send(Packets.udp(from: from, to: to, "hello"), from: hub.clients[0])
        hub.simulation.settle()
        #expect(
            hub.clients[1].received == [Packets.udp(from: from, to: to, "hello", hopLimit: 63)]
        )
        #expect(hub.gateway.drops.total == 0)
    }

    @Test("the first packet waits for the handshake and is not lost")
    func stagedPacket() throws {
        let hub = try Hub()
        hub.simulation.send(
            Packets.echo(from: "10.0.0.2", to: "10.0.0.1"),
            from: hub.clients[0]
        )
        hub.simulation.settle()
        let answer = try #require(hub.clients[0].received.first)
        #expect(answer[20] == 0)
        #expect(answer[8] == 64)
        #expect(Packets.checksum(Array(answer[0..<20])) == 0)
        #expect(Packets.icmpChecksum(answer) == 0)
    }

    @Test("days of traffic renew their keys and lose nothing")
    func days() throws {
        let hub = try Hub()
        hub.connect()
        for number in 0..<2000 {
            hub.simulation.send(
                Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "\(number)"),
                from: hub.clients[0]
            )
            hub.simulation.run(for: .seconds(130))
        }
        #expect(hub.clients[1].received.count == 2000)
        #expect(hub.clients[1].received.last.map(Packets.payload) == "1999")
    }
}
