import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("A service that only the gateway of another region leads to")
struct DistantEgressTests {
    private static let prefix = "203.0.113.0/24"
    private static let server = "203.0.113.5"
    private static let mapped = "100.64.9.0/24"

    /// Region 0 leads to UDP ports 5060 to 5061 of the service over region 1, which lets that out; region 2 does neither.
    private struct Ways {
        let mesh: Mesh

        init(linkMTU: Int = 1420, workers: Int = 1) throws {
            mesh = try Mesh(linkMTU: linkMTU, workers: workers)
            mesh.connect()
            try lead([try EgressPermission(prefix, 17, 5060...5061)])
            try letOut([try EgressPermission(prefix, 17, 5060...5061)], at: 1)
        }

        private static func blocks() throws -> [IPPrefix] {
            try (0..<3).map { try IPPrefix("10.0.\($0).0/24") }
        }

        /// What peers of region 0 may send over the link to region 1.
        func lead(_ permissions: [EgressPermission]) throws {
            let configuration = EgressConfiguration(
                subnet: try IPv4Prefix("10.0.0.0/24"),
                distant: permissions.map { DistantPermission($0, over: 1) }
            )
            let node = mesh.nodes[0]
            node.open([(node.gateway, configuration)], beside: try Self.blocks())
        }

        /// What leaves at a region of what comes from region 0.
        func letOut(_ permissions: [EgressPermission], at region: Int) throws {
            let configuration = try #require(
                EgressConfiguration(
                    subnet: try IPv4Prefix("10.0.0.0/24"),
                    mappedRange: try IPv4Prefix(mapped),
                    services: permissions
                )
            )
            let lanes = try #require(mesh.ends[region][0]).lanes
            mesh.nodes[region].open(
                lanes.map { ($0.gateway, configuration) },
                beside: try Self.blocks()
            )
        }

        /// What leaves at region 1 of a packet from a client.
        func leaving(_ packet: [UInt8], from region: Int = 0) -> [[UInt8]] {
            mesh.nodes[1].emitted.removeAll()
            _ = mesh.received(packet, from: region)
            return mesh.nodes[1].emitted.map(\.bytes)
        }

        /// What the client of region 0 receives of a packet that a node's interface brings.
        func entering(_ packet: [UInt8], at region: Int = 1) -> [[UInt8]] {
            mesh.clients[0].received.removeAll()
            mesh.simulation.transmit(
                mesh.nodes[region].inject([packet], at: mesh.simulation.moment)
            )
            mesh.simulation.settle()
            return mesh.clients[0].received
        }
    }

    private func ask(
        _ port: UInt16 = 5060,
        from source: String = "10.0.0.2",
        hopLimit: UInt8 = 64,
        _ text: String = "x"
    ) -> [UInt8] {
        Packets.udp(
            from: source,
            port: 4000,
            to: Self.server,
            port: port,
            text,
            hopLimit: hopLimit
        )
    }

    private func answer(_ port: UInt16 = 5060, from source: String = server) -> [UInt8] {
        Packets.udp(from: source, port: port, to: "100.64.9.2", port: 4000)
    }

    @Test(
        "a distant service is reached over the link, leaves with an address of the other node, and answers",
        arguments: [1, 3]
    )
    func reach(workers: Int) throws {
        let ways = try Ways(workers: workers)
        let left = ways.leaving(ask())
        #expect(left.count == 1)
        #expect(Packets.sourceOf(try #require(left.first)) == "100.64.9.2")
        #expect(Packets.checksum(Array(try #require(left.first)[..<20])) == 0)
        let entered = ways.entering(answer())
        #expect(entered.count == 1)
        #expect(Packets.destinationOf(try #require(entered.first)) == "10.0.0.2")
        #expect(Packets.sourceOf(try #require(entered.first)) == Self.server)
    }

    @Test("a distant service has both gateways as hops of the way to it")
    func hops() throws {
        let ways = try Ways()
        for (limit, source) in [(UInt8(1), "10.0.0.1"), (2, "10.0.1.1")] {
            let received = ways.mesh.received(ask(hopLimit: limit), from: 0)[0]
            let error = try ICMPReply(try #require(received.first))
            #expect(error.type == 11 && error.source == IPAddress(source))
        }
    }

    @Test("a distant service is judged by ports at the first gateway, and at the second again")
    func ports() throws {
        let ways = try Ways()
        func refusal(_ port: UInt16) throws -> ICMPReply {
            try ICMPReply(try #require(ways.mesh.received(ask(port), from: 0)[0].first))
        }
        ways.mesh.simulation.forgetLog()
        let first = try refusal(80)
        #expect(first.code == 13 && first.source == IPAddress("10.0.0.1"))
        #expect(ways.mesh.simulation.log.allSatisfy { Mesh.hop($0.datagram) == nil })
        try ways.lead([try EgressPermission(Self.prefix)])
        let second = try refusal(80)
        #expect(second.code == 13 && second.source == IPAddress("10.0.1.1"))
        #expect(ways.mesh.nodes[1].emitted.isEmpty)
    }

    @Test(
        "a distant service is reached by peers of the gateway's own subnet, and of no region that does not lead there"
    )
    func sources() throws {
        let ways = try Ways()
        // A peer of the region for another one, and for a site behind it.
        #expect(ways.leaving(ask(from: "10.0.2.2")).isEmpty)
        try ways.mesh.nodes[0].addRoute(
            "192.168.7.0/24",
            to: .peer(PeerHandle(slot: 0, generation: 1))
        )
        #expect(ways.leaving(ask(from: "192.168.7.7")).isEmpty)
        // Of a region that leads there by no permission.
        #expect(ways.leaving(ask(from: "10.0.2.2"), from: 2).isEmpty)
        // Of a node that sends what it may not.
        for source in ["10.0.2.2", "10.0.2.77"] {
            try ways.mesh.nodes[0].addRoute(
                "\(source)/32",
                to: .peer(PeerHandle(slot: 0, generation: 1))
            )
            try ways.mesh.nodes[0].addRoute(Self.prefix, to: .link(1))
            ways.mesh.nodes[0].open([], beside: [])
            #expect(ways.leaving(ask(from: source)).isEmpty)
        }
        try ways.mesh.nodes[2].addRoute(Self.prefix, to: .link(1))
        #expect(ways.leaving(ask(from: "10.0.2.2"), from: 2).isEmpty)
        #expect(ways.mesh.drops(.egressNotAllowed, at: 1, toward: 0) == 2)
        #expect(ways.mesh.drops(.noRoute, at: 1, toward: 2) == 1)
    }

    @Test(
        "a distant service sends nothing that the permission of the first gateway does not cover, whatever the second lets in"
    )
    func returns() throws {
        let ways = try Ways()
        #expect(ways.entering(answer(80)).isEmpty)
        try ways.letOut([try EgressPermission("203.0.112.0/23")], at: 1)
        #expect(ways.entering(answer()).count == 1)
        // By its port, and by its address.
        #expect(ways.entering(answer(80)).isEmpty)
        #expect(ways.mesh.drops(.unsolicited, at: 0, toward: 1) == 1)
        #expect(ways.entering(answer(from: "203.0.112.5")).isEmpty)
        #expect(ways.mesh.drops(.sourceNotAllowed, at: 0, toward: 1) == 1)
        // To the gateway itself.
        let toGateway = Packets.udp(from: Self.server, port: 5060, to: "100.64.9.1", port: 4000)
        #expect(ways.entering(toGateway).isEmpty)
        #expect(ways.mesh.drops(.unsolicited, at: 0, toward: 1) == 2)
        // Over the link of a region that it is not reached over.
        try ways.letOut([try EgressPermission(Self.prefix)], at: 2)
        #expect(ways.entering(answer(), at: 2).isEmpty)
        #expect(ways.mesh.drops(.sourceNotAllowed, at: 0, toward: 2) == 1)
    }

    @Test(
        "a distant service is reached no more, nor answers, when either of the gateways does not lead there any longer"
    )
    func withdrawn() throws {
        let ways = try Ways()
        try ways.lead([])
        #expect(ways.leaving(ask()).isEmpty)
        #expect(ways.entering(answer()).isEmpty)
        try ways.lead([try EgressPermission(Self.prefix)])
        try ways.letOut([], at: 1)
        #expect(ways.leaving(ask()).isEmpty)
        #expect(ways.entering(answer()).isEmpty)
    }

    @Test(
        "a distant service tells a peer of its errors, in the name of the second gateway or of the router"
    )
    func errors() throws {
        let ways = try Ways()
        let left = try #require(ways.leaving(ask()).first)
        func error(_ type: UInt8, _ code: UInt8, from source: String) -> [[UInt8]] {
            ways.entering(
                Packets.icmpError(
                    from: source,
                    to: "100.64.9.2",
                    type: type,
                    code: code,
                    quoting: left
                )
            )
        }
        let tooBig = try ICMPReply(try #require(error(3, 4, from: "198.51.100.9").first))
        #expect(tooBig.type == 3 && tooBig.code == 4 && tooBig.source == IPAddress("10.0.1.1"))
        let hop = try ICMPReply(try #require(error(11, 0, from: "198.51.100.9").first))
        #expect(hop.type == 11 && hop.source == IPAddress("198.51.100.9"))
        // One about a packet of another peer.
        let foreign = Packets.icmpError(
            from: "198.51.100.9",
            to: "100.64.9.2",
            type: 3,
            code: 1,
            quoting: Packets.udp(from: "100.64.9.3", port: 4000, to: Self.server, port: 5060)
        )
        #expect(ways.entering(foreign).isEmpty)
    }

    @Test("the first gateway keeps what may not leave at the second to itself")
    func kept() throws {
        let ways = try Ways()
        let node = ways.mesh.nodes[0]
        func hasCrossed(_ packet: [UInt8]) -> Bool {
            ways.mesh.simulation.forgetLog()
            _ = ways.mesh.received(packet, from: 0)
            return ways.mesh.simulation.log.contains { Mesh.hop($0.datagram) != nil }
        }
        #expect(hasCrossed(ask()))
        // From a site behind a peer.
        try node.addRoute("192.168.7.0/24", to: .peer(PeerHandle(slot: 0, generation: 1)))
        #expect(!hasCrossed(ask(from: "192.168.7.7")))
        // Inside of the network, whatever a permission names.
        try ways.lead([try EgressPermission("10.0.0.77")])
        #expect(!hasCrossed(Packets.udp(from: "10.0.0.2", to: "10.0.0.77", "x")))
        // What is open around a service is so another way.
        var leading = EgressConfiguration(
            subnet: try IPv4Prefix("10.0.0.0/24"),
            distant: [
                DistantPermission(try EgressPermission(Self.server, 17, 5060...5060), over: 1)
            ]
        )
        leading.distantInternet = 2
        node.open([(node.gateway, leading)], beside: [])
        #expect(hasCrossed(ask()) && !hasCrossed(ask(80)))
    }

    @Test(
        "what a network's default route takes over a link does not leave by the internet of the node on its way",
        arguments: [false, true]
    )
    func defaultRoute(isDetour: Bool) throws {
        let mesh = try Mesh()
        mesh.connect()
        let configuration = try #require(
            EgressConfiguration(
                subnet: try IPv4Prefix("10.0.0.0/24"),
                mappedRange: try IPv4Prefix(Self.mapped),
                internet: true
            )
        )
        let lanes = try #require(mesh.ends[1][0]).lanes
        mesh.nodes[1].open(lanes.map { ($0.gateway, configuration) }, beside: [])
        // Of a peer of region 2, around by region 1; or of a peer there.
        let region = isDetour ? 2 : 1
        let peer = Destination.peer(PeerHandle(slot: 0, generation: 1))
        for (number, node) in mesh.nodes.enumerated() {
            let path = number == region ? peer : .link(UInt32(region))
            try node.addRoute("0.0.0.0/0", to: path)
        }
        let host = mesh.clients[region]
        try host.addRoute("\(Self.server)/32", to: .gateway(host.gateway))
        if isDetour { mesh.take(.detour(group: 1), at: 0, toward: 2) }
        #expect(mesh.received(ask(), from: 0)[region].count == 1)
        #expect(mesh.nodes[1].emitted.isEmpty)
    }

    @Test("a way to the internet through the node's own interface comes before one over a link")
    func nearInternet() throws {
        let ways = try Ways()
        let node = ways.mesh.nodes[0]
        var leading = try #require(
            EgressConfiguration(
                subnet: try IPv4Prefix("10.0.0.0/24"),
                mappedRange: try IPv4Prefix(Self.mapped),
                internet: true
            )
        )
        leading.distantInternet = 1
        node.open([(node.gateway, leading)], beside: [])
        ways.mesh.simulation.forgetLog()
        _ = ways.mesh.received(ask(), from: 0)
        #expect(node.emitted.count == 1)
        #expect(ways.mesh.simulation.log.allSatisfy { Mesh.hop($0.datagram) == nil })
    }

    @Test(
        "a distant service takes no detour: senders hear that it cannot be reached while the link is down"
    )
    func detour() throws {
        let ways = try Ways()
        ways.mesh.take(.detour(group: 2), at: 0, toward: 1)
        let error = try ICMPReply(try #require(ways.mesh.received(ask(), from: 0)[0].first))
        #expect(error.type == 3 && error.code == 0 && error.source == IPAddress("10.0.0.1"))
        #expect(ways.mesh.nodes[1].emitted.isEmpty && ways.mesh.nodes[2].drops(.linkDown) == 0)
        ways.mesh.take(.direct(lanes: 0b11), at: 0, toward: 1)
        #expect(ways.leaving(ask()).count == 1)
        // Nor does what it answers.
        ways.mesh.take(.detour(group: 2), at: 1, toward: 0)
        ways.mesh.simulation.forgetLog()
        #expect(ways.entering(answer()).isEmpty)
        #expect(ways.mesh.drops(.linkDown, at: 1, toward: 0) == 1)
        #expect(ways.mesh.simulation.log.isEmpty)
    }

    @Test(
        "a distant service is told of what the link carries by the first gateway, and its own SYN is lowered at the second"
    )
    func smallLink() throws {
        let ways = try Ways(linkMTU: 1300)
        try ways.lead([try EgressPermission(Self.prefix)])
        try ways.letOut([try EgressPermission(Self.prefix)], at: 1)
        let large = ask(5060, String(repeating: "x", count: 1350))
        let error = try ICMPReply(try #require(ways.mesh.received(large, from: 0)[0].first))
        #expect(error.code == 4 && error.word == 1300 && error.source == IPAddress("10.0.0.1"))
        let syn = Packets.tcp(
            from: Self.server,
            to: "100.64.9.2",
            flags: 0x12,
            options: [2, 4, 0x05, 0xb4]
        )
        let arrived = try #require(ways.entering(syn).first)
        #expect(Array(arrived[40..<44]) == [2, 4] + Packets.bytes(UInt16(1300 - 40)))
    }

    @Test(
        "a way to the internet is one, but for what is excluded and where the network has a default route"
    )
    func internet() throws {
        let ways = try Ways()
        var leading = EgressConfiguration(subnet: try IPv4Prefix("10.0.0.0/24"), distant: [])
        leading.distantInternet = 1
        leading.excluded = [try IPPrefix(Self.prefix)]
        let blocks = try (0..<3).map { try IPPrefix("10.0.\($0).0/24") }
        let (first, second) = (ways.mesh.nodes[0], ways.mesh.nodes[1])
        first.open([(first.gateway, leading)], beside: blocks)
        let outside = try #require(
            EgressConfiguration(
                subnet: leading.subnet,
                mappedRange: try IPv4Prefix(Self.mapped),
                internet: true
            )
        )
        let lanes = try #require(ways.mesh.ends[1][0]).lanes
        second.open(lanes.map { ($0.gateway, outside) }, beside: blocks)

        func packet(_ address: String) -> [UInt8] {
            Packets.udp(from: "10.0.0.2", port: 4000, to: address, port: 53)
        }
        let left = ways.leaving(packet("9.9.9.9"))
        #expect(left.map(Packets.sourceOf) == ["100.64.9.2"])
        let back = Packets.udp(from: "9.9.9.9", port: 53, to: "100.64.9.2", port: 4000)
        #expect(ways.entering(back).map(Packets.destinationOf) == ["10.0.0.2"])
        for address in [Self.server, "10.9.9.9", "169.254.169.254", "10.0.2.77"] {
            #expect(ways.leaving(packet(address)).isEmpty, "to \(address)")
        }
        let foreign = Packets.udp(from: Self.server, port: 53, to: "100.64.9.2", port: 4000)
        #expect(ways.entering(foreign).isEmpty)
        try first.addRoute("0.0.0.0/0", to: .peer(PeerHandle(slot: 0, generation: 1)))
        #expect(ways.leaving(packet("9.9.9.9")).isEmpty)
    }
}
