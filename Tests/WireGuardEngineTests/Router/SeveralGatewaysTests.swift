import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import WireGuardEngine

/// One engine with two gateways, and a client behind each.
private struct TwoGateways {
    let simulation = Simulation()
    let node: SimulatedNode
    let second: GatewayHandle
    let secondEndpoint: Endpoint
    var clients: [SimulatedNode] = []
    private(set) var handles: [PeerHandle] = []

    /// In one network, the second client is 10.0.0.3; in two, both are 10.0.0.2.
    init(isOneNetwork: Bool, mtuOfSecond: Int = 1420) throws {
        let source = simulation.random.source
        node = try SimulatedNode(
            endpoint: try #require(Endpoint("192.0.2.1:5000")),
            addresses: ["10.0.0.1/24"],
            delivery: .router,
            random: simulation.random
        )
        simulation.add(node)
        secondEndpoint = try #require(Endpoint("192.0.2.1:5001"))
        let secondKey = X25519.generatePrivateKey(filledBy: source.callAsFunction)
        let secondAddress = isOneNetwork ? "10.0.0.254" : "10.0.0.1"
        second = try node.addGateway(
            endpoint: secondEndpoint,
            privateKey: secondKey,
            addresses: ["\(secondAddress)/24"],
            mtu: mtuOfSecond,
            table: isOneNetwork ? nil : NetworkView()
        )
        let ends: [(key: PublicKey, endpoint: Endpoint)] = [
            (node.publicKey, node.endpoint),
            (X25519.publicKey(of: secondKey), secondEndpoint),
        ]
        let addresses = ["10.0.0.2", isOneNetwork ? "10.0.0.3" : "10.0.0.2"]
        for (index, end) in ends.enumerated() {
            let address = addresses[index]
            let client = try SimulatedNode(
                endpoint: try #require(Endpoint("198.51.100.\(index + 2):40000")),
                addresses: ["\(address)/32"],
                delivery: .host,
                random: simulation.random
            )
            try client.add(
                end.key,
                allowed: ["10.0.0.0/24"],
                endpoint: end.endpoint,
                at: simulation.moment
            )
            let belongsToFirst = isOneNetwork || index == 0
            handles.append(
                try node.add(
                    client.publicKey,
                    allowed: belongsToFirst ? ["\(address)/32"] : [],
                    on: index == 0 ? node.gateway : second,
                    at: simulation.moment
                )
            )
            simulation.add(client)
            clients.append(client)
        }
        if !isOneNetwork {
            node.engine.publish(
                NetworkView(routes: [
                    (try IPPrefix("10.0.0.1/32"), .gateway(second)),
                    (try IPPrefix("10.0.0.2/32"), .peer(handles[1])),
                ]),
                to: [second]
            )
        }
        for (client, address) in zip(clients, addresses) {
            simulation.send(Packets.echo(from: address, to: "10.0.0.1"), from: client)
        }
        simulation.settle()
        for client in clients {
            #expect(client.received.count == 1)
            client.received.removeAll()
        }
    }
}

@Suite("Several gateways on one engine")
struct SeveralGatewaysTests {
    @Test("two networks with the same addresses on one engine never see each other's packets")
    func twoNetworks() throws {
        let two = try TwoGateways(isOneNetwork: false)
        for (index, client) in two.clients.enumerated() {
            // To itself: its network has no other peer.
            two.simulation.send(
                Packets.udp(from: "10.0.0.2", to: "10.0.0.2", "own \(index)"),
                from: client
            )
            two.simulation.send(Packets.echo(from: "10.0.0.2", to: "10.0.0.1"), from: client)
        }
        two.simulation.settle()
        for (index, client) in two.clients.enumerated() {
            #expect(client.received.count == 1)
            #expect(client.received.allSatisfy { $0[9] == 1 }, "\(index)")
        }
        // A session of one gateway means nothing to the other.
        let sealed = try two.clients[0].seal(
            Packets.udp(from: "10.0.0.2", to: "10.0.0.2", "x"),
            for: PeerHandle(slot: 0, generation: 1)
        )
        let sent = two.node.receive(
            sealed,
            from: two.clients[0].endpoint,
            to: two.secondEndpoint,
            at: two.simulation.moment
        )
        #expect(sent.isEmpty)
        #expect(two.node.engine.drops(of: two.second)?[.unknownReceiver] == 1)
    }

    @Test("a peer of one network is unknown at the gateway of another")
    func foreignHandshake() throws {
        let two = try TwoGateways(isOneNetwork: false)
        let stranger = two.clients[0]
        let itsGateway = try two.clients[1].record(PeerHandle(slot: 0, generation: 1))
        let secondKey = itsGateway.pointee.publicKey
        try stranger.add(
            secondKey,
            allowed: ["10.0.1.0/24"],
            endpoint: two.secondEndpoint,
            at: two.simulation.moment
        )
        two.simulation.send(Packets.udp(from: "10.0.0.2", to: "10.0.1.1", "x"), from: stranger)
        two.simulation.settle()
        #expect(two.node.engine.drops(of: two.second)?[.unknownPeer] == 1)
        #expect(two.node.report(two.handles[0])?.endpoint == stranger.endpoint)
    }

    @Test("two gateways of one network forward to each other's peers")
    func oneNetwork() throws {
        let two = try TwoGateways(isOneNetwork: true)
        two.simulation.send(
            Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "there"),
            from: two.clients[0]
        )
        two.simulation.send(
            Packets.udp(from: "10.0.0.3", to: "10.0.0.2", "and back"),
            from: two.clients[1]
        )
        two.simulation.settle()
        #expect(two.clients[1].received.map(Packets.payload) == ["there"])
        #expect(two.clients[0].received.map(Packets.payload) == ["and back"])
        #expect(two.clients.flatMap(\.received).allSatisfy { $0[8] == 63 })
        // Each peer is answered by its own gateway's socket.
        let toSecond = two.simulation.log.filter { $0.datagram.to == two.clients[1].endpoint }
        #expect(!toSecond.isEmpty)
        #expect(toSecond.allSatisfy { $0.datagram.from == two.secondEndpoint })
    }

    @Test("both addresses of a network's two gateways answer echo, whichever gateway is asked")
    func echoAcross() throws {
        let two = try TwoGateways(isOneNetwork: true)
        for address in ["10.0.0.1", "10.0.0.254"] {
            two.simulation.send(Packets.echo(from: "10.0.0.2", to: address), from: two.clients[0])
            two.simulation.settle()
            let reply = try ICMPReply(try #require(two.clients[0].received.last))
            #expect(reply.source == IPAddress(address))
        }
    }

    @Test("packet too big names the MTU of the gateway that the packet would leave by")
    func otherMTU() throws {
        let two = try TwoGateways(isOneNetwork: true, mtuOfSecond: 1280)
        let packet = Packets.ip(
            from: "10.0.0.2",
            to: "10.0.0.3",
            proto: 17,
            [UInt8](repeating: 0, count: 1300)
        )
        two.simulation.send(packet, from: two.clients[0])
        two.simulation.settle()
        let reply = try ICMPReply(try #require(two.clients[0].received.first))
        #expect(reply.type == 3 && reply.code == 4)
        #expect(reply.word == 1280)
        #expect(reply.source == IPAddress("10.0.0.1"))
    }

    @Test(
        "the MSS of a SYN between two gateways is clamped to the smaller MTU of both, in both directions"
    )
    func otherSegmentSize() throws {
        let two = try TwoGateways(isOneNetwork: true, mtuOfSecond: 1280)
        for (from, to) in [(0, 1), (1, 0)] {
            let syn = Packets.tcp(
                from: "10.0.0.\(from + 2)",
                to: "10.0.0.\(to + 2)",
                flags: 0x02,
                options: [2, 4] + Packets.bytes(UInt16(1460))
            )
            two.simulation.send(syn, from: two.clients[from])
            two.simulation.settle()
            let arrived = try #require(two.clients[to].received.last)
            #expect(arrived.suffix(2) == ArraySlice(Packets.bytes(UInt16(1240))))
            #expect(Packets.transportChecksum(arrived, proto: 6) == 0)
        }
    }

    @Test("removing one gateway of a network leaves the other's sessions alone")
    func removal() throws {
        let two = try TwoGateways(isOneNetwork: true)
        two.node.engine.removeGateway(two.second)
        two.simulation.send(
            Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "gone"),
            from: two.clients[0]
        )
        two.simulation.send(Packets.echo(from: "10.0.0.2", to: "10.0.0.1"), from: two.clients[0])
        two.simulation.settle()
        #expect(two.node.drops(.noRoute) == 1)
        #expect(two.clients[0].received.count == 2)
    }
}
