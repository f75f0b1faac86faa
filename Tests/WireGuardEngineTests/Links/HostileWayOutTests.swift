import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("A way out over a link brings back nothing else, whatever the node at its other end sends")
struct HostileWayOutTests {
    /// Over region 1.
    private static let service = "203.0.113.5"
    /// Over region 2.
    private static let other = "198.51.100.5"
    /// Through the interface of region 0 itself.
    private static let near = "192.0.2.205"
    private static let peer = Destination.peer(PeerHandle(slot: 0, generation: 1))

    /// Peers of region 0 reach UDP port 5060 of three services. The other regions send what their clients do, which have
    /// whatever address they like.
    private struct Ways {
        let mesh: Mesh
        var node: SimulatedNode { mesh.nodes[0] }

        init() throws {
            mesh = try Mesh()
            mesh.connect()
            try lead { _ in }
        }

        func lead(_ change: (inout EgressConfiguration) throws -> Void) throws {
            var configuration = try #require(
                EgressConfiguration(
                    subnet: try IPv4Prefix("10.0.0.0/24"),
                    mappedRange: try IPv4Prefix("100.64.9.0/24"),
                    services: [try EgressPermission(near, 17, 5060...5060)]
                )
            )
            configuration.distant = [
                DistantPermission(try EgressPermission(service, 17, 5060...5060), over: 1),
                DistantPermission(try EgressPermission(other, 17, 5060...5060), over: 2),
            ]
            try change(&configuration)
            node.open(
                [(node.gateway, configuration)],
                beside: try (0..<3).map { try IPPrefix("10.0.\($0).0/24") }
            )
        }

        /// What the client of region 0 receives of a packet from another region.
        func arriving(_ packet: [UInt8], from region: Int = 1) throws -> [[UInt8]] {
            try pretend(Packets.sourceOf(packet), at: region)
            return mesh.received(packet, from: region)[0]
        }

        /// The client of a region may have this address.
        func pretend(_ source: String, at region: Int) throws {
            try mesh.nodes[region].addRoute("\(source)/32", to: peer)
        }
    }

    private func answer(from source: String = service, to receiver: String = "10.0.0.2") -> [UInt8]
    {
        Packets.udp(from: source, port: 5060, to: receiver, port: 4000)
    }

    /// About a packet of a peer to a service.
    private func error(
        from router: String = "9.9.9.9",
        by sender: String = "10.0.0.2",
        to service: String = service
    ) -> [UInt8] {
        Packets.icmpError(
            from: router,
            to: "10.0.0.2",
            type: 11,
            code: 0,
            quoting: Packets.udp(from: sender, port: 4000, to: service, port: 5060)
        )
    }

    @Test("a service answers over the link that it is reached over, and over no other")
    func links() throws {
        let ways = try Ways()
        #expect(try ways.arriving(answer(from: Self.service), from: 1).count == 1)
        #expect(try ways.arriving(answer(from: Self.other), from: 2).count == 1)
        for source in [Self.other, Self.near] {
            #expect(try ways.arriving(answer(from: source), from: 1).isEmpty)
        }
        for source in [Self.service, Self.near] {
            #expect(try ways.arriving(answer(from: source), from: 2).isEmpty)
        }
        #expect(ways.mesh.drops(.sourceNotAllowed, at: 0, toward: 1) == 2)
        #expect(ways.mesh.drops(.sourceNotAllowed, at: 0, toward: 2) == 2)
    }

    @Test("a service that is reached over a link does not answer through the interface")
    func interface() throws {
        let ways = try Ways()
        func entering(_ source: String) -> Int {
            ways.mesh.clients[0].received.removeAll()
            let packet = answer(from: source, to: "100.64.9.2")
            ways.mesh.simulation.transmit(
                ways.node.inject([packet], at: ways.mesh.simulation.moment)
            )
            ways.mesh.simulation.settle()
            return ways.mesh.clients[0].received.count
        }
        #expect(entering(Self.near) == 1)
        #expect(entering(Self.service) == 0)
        #expect(ways.node.drops(.spoofedSource) == 1)
    }

    @Test("an error is about what went over its link")
    func errors() throws {
        let ways = try Ways()
        #expect(try ways.arriving(error(to: Self.service), from: 1).count == 1)
        #expect(try ways.arriving(error(to: Self.other), from: 2).count == 1)
        for service in [Self.other, Self.near] {
            #expect(try ways.arriving(error(to: service), from: 1).isEmpty)
        }
        #expect(try ways.arriving(error(to: Self.service), from: 2).isEmpty)
        #expect(ways.mesh.drops(.unsolicited, at: 0, toward: 1) == 2)
        #expect(ways.mesh.drops(.unsolicited, at: 0, toward: 2) == 1)
    }

    @Test("an error comes from no address of the first gateway's peers, nor from its own")
    func errorSources() throws {
        let ways = try Ways()
        try ways.node.addRoute("10.0.0.3/32", to: Self.peer)
        try ways.node.addRoute("192.168.7.0/24", to: Self.peer)
        for source in ["10.0.0.1", "10.0.0.3", "10.0.0.77", "192.168.7.7"] {
            #expect(try ways.arriving(error(from: source)).isEmpty, "from \(source)")
        }
        #expect(ways.mesh.drops(.sourceNotAllowed, at: 0, toward: 1) == 4)
    }

    @Test("each error of a run is judged by what it quotes, also where no permission has ports")
    func run() throws {
        let ways = try Ways()
        let simulation = ways.mesh.simulation
        try ways.lead {
            $0.services = []
            $0.distant = [DistantPermission(try EgressPermission(Self.service), over: 1)]
        }
        try ways.pretend("9.9.9.9", at: 1)
        var held: [Datagram] = []
        simulation.passes = { datagram in
            guard let hop = Mesh.hop(datagram), hop == (1, 0) else { return true }
            held.append(datagram)
            return false
        }
        _ = ways.mesh.received(error(), error(by: "10.0.0.3"), error(), from: 1)
        ways.mesh.heal()
        let first = try #require(held.first)
        #expect(held.count == 3 && held.allSatisfy { $0.to == first.to })
        simulation.transmit(
            ways.node.receive(
                held.flatMap(\.bytes),
                from: first.from,
                to: first.to,
                segmentSize: first.bytes.count,
                at: simulation.moment
            )
        )
        simulation.settle()
        #expect(ways.mesh.clients[0].received.count == 2)
        #expect(ways.mesh.drops(.unsolicited, at: 0, toward: 1) == 1)
    }

    @Test(
        "a service answers peers of the gateway, and neither a site behind them nor another region"
    )
    func receivers() throws {
        let ways = try Ways()
        try ways.node.addRoute("192.168.7.0/24", to: Self.peer)
        for receiver in ["192.168.7.7", "10.0.2.2"] {
            try ways.mesh.nodes[1].addRoute("\(receiver)/32", to: .link(0))
            #expect(try ways.arriving(answer(to: receiver)).isEmpty)
        }
        #expect(ways.mesh.clients[2].received.isEmpty)
        #expect(ways.mesh.drops(.sourceNotAllowed, at: 0, toward: 1) == 2)
        #expect(try ways.arriving(answer(to: "10.0.0.1")).isEmpty)
        #expect(ways.mesh.drops(.unsolicited, at: 0, toward: 1) == 1)
    }

    @Test("a first piece of a packet is judged by its ports, and a later one by its protocol")
    func pieces() throws {
        let ways = try Ways()
        func piece(_ packet: [UInt8], _ fragmentation: UInt16, proto: UInt8 = 17) -> [UInt8] {
            var packet = packet
            packet.replaceSubrange(6...7, with: Packets.bytes(fragmentation))
            packet[9] = proto
            return Packets.setHeaderChecksum(of: packet)
        }
        let refused = Packets.udp(from: Self.service, port: 80, to: "10.0.0.2", port: 4000)
        #expect(try ways.arriving(piece(answer(), 0x2000)).count == 1)
        #expect(try ways.arriving(piece(refused, 0x2000)).isEmpty)
        #expect(try ways.arriving(piece(refused, 0x0001)).count == 1)
        #expect(try ways.arriving(piece(refused, 0x0001, proto: 6)).isEmpty)
        #expect(ways.mesh.drops(.unsolicited, at: 0, toward: 1) == 2)
    }

    @Test("a way to the internet brings no IPv6, also to an address that ends as a peer's does")
    func versions() throws {
        let ways = try Ways()
        try ways.lead { $0.distantInternet = 1 }
        #expect(try ways.arriving(answer(from: "9.9.9.9")).count == 1)
        try ways.mesh.clients[1].addRoute("::/0", to: Self.peer)
        try ways.mesh.nodes[1].addRoute("2a00::5/128", to: Self.peer)
        try ways.mesh.nodes[1].addRoute("2a01::/16", to: .link(0))
        _ = ways.mesh.received(
            Packets.udp(from: "2a00::5", to: "2a01::a00:2", "x"),
            from: 1
        )
        #expect(ways.mesh.drops(.sourceNotAllowed, at: 0, toward: 1) == 1)
    }

    @Test(
        "a link's packets are judged by the gateway that leads over it, whichever else the node has"
    )
    func gateways() throws {
        let ways = try Ways()
        let (mesh, node) = (ways.mesh, ways.node)
        // Numbers of nodes are not indexes of groups.
        node.link(
            mesh.ends[0].enumerated().map { remote, end in
                end.map {
                    NextHopGroup(to: UInt32(9 - remote), lanes: $0.lanes, choice: $0.choice)
                }
            }
        )
        let leading = EgressConfiguration(
            subnet: try IPv4Prefix("10.0.0.0/24"),
            distant: [DistantPermission(try EgressPermission(Self.service), over: 1)]
        )
        let beside = EgressConfiguration(
            subnet: try IPv4Prefix("10.0.9.0/24"),
            distant: [DistantPermission(try EgressPermission(Self.other), over: 2)]
        )
        let second = GatewayHandle(slot: 99, generation: 1)
        node.open([(second, beside), (node.gateway, leading)], beside: [])
        #expect(try ways.arriving(answer()).count == 1)
        #expect(try ways.arriving(answer(from: Self.other), from: 2).isEmpty)
    }
}
