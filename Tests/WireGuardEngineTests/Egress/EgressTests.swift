import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("A gateway's peers reach its services through the interface, under mapped addresses")
struct EgressTests {
    private let service = "203.0.113.9"

    private func open() throws -> EgressHub {
        try EgressHub(services: [EgressPermission("203.0.113.0/24")])
    }

    @Test(
        "a packet to a service leaves with its mapped source, the hop limit that it had and right checksums"
    )
    func leaves() throws {
        let egress = try open()
        let packet = Packets.udp(from: "10.0.0.3", to: service, "out", hopLimit: 9)
        let left = egress.leaving(packet, from: 1)
        #expect(left == [Packets.udp(from: "100.64.7.3", to: service, "out", hopLimit: 9)])
        #expect(egress.gateway.emitted.map(\.gateway) == [egress.gateway.gateway])
        #expect(egress.gateway.drops.total == 0)
    }

    @Test("what a service answers reaches the peer under its own address, the hop limit as it came")
    func enters() throws {
        let egress = try open()
        let answer = Packets.udp(from: service, to: "100.64.7.3", "in", hopLimit: 9)
        #expect(
            egress.entering(answer) == [
                Packets.udp(from: service, to: "10.0.0.3", "in", hopLimit: 9)
            ]
        )
        #expect(egress.gateway.drops.total == 0)
    }

    @Test("a run of packets from the interface reaches several peers in its order")
    func runs() throws {
        let egress = try open()
        let packets = (0..<300).map { index in
            Packets.udp(from: service, to: "100.64.7.\(2 + index / 3 % 2)", "\(index)")
        }
        egress.hub.simulation.transmit(egress.gateway.inject(packets, at: egress.moment))
        egress.hub.simulation.settle()
        for (number, client) in egress.hub.clients.enumerated() {
            let expected = (0..<300).filter { $0 / 3 % 2 == number }.map { "\($0)" }
            #expect(client.received.map(Packets.payload) == expected)
        }
    }

    @Test("a packet whose hop limit ends at the gateway is answered from its tunnel address")
    func hops() throws {
        let egress = try open()
        let answers = egress.hub.answers(
            to: Packets.udp(from: "10.0.0.2", to: service, "x", hopLimit: 1)
        )
        let error = try ICMPReply(try #require(answers.first))
        #expect(error.type == 11 && error.source == IPAddress("10.0.0.1"))
        #expect(egress.gateway.emitted.isEmpty && egress.drops(.hopLimitExceeded) == 1)
    }

    @Test("without a permission a packet is dropped, counted and answered as prohibited")
    func notPermitted() throws {
        let egress = try open()
        let answers = egress.hub.answers(to: Packets.udp(from: "10.0.0.2", to: "198.51.100.1", "x"))
        let error = try ICMPReply(try #require(answers.first))
        #expect(error.type == 3 && error.code == 13)
        #expect(egress.gateway.emitted.isEmpty && egress.drops(.egressNotAllowed) == 1)
    }

    @Test(
        "a gateway without egress has no route to a service, and its interface takes nothing for it"
    )
    func withoutEgress() throws {
        let egress = try open()
        egress.gateway.open([], beside: [])
        #expect(egress.leaving(Packets.udp(from: "10.0.0.2", to: service, "x")).isEmpty)
        #expect(egress.drops(.noRoute) == 1)
        #expect(egress.entering(Packets.udp(from: service, to: "100.64.7.2", "x")).isEmpty)
        #expect(egress.gateway.interfaceDrops(.martian) == 1)
    }

    @Test("a spoofed source does not leave")
    func spoofedByPeer() throws {
        let egress = try open()
        #expect(egress.leaving(Packets.udp(from: "10.0.0.3", to: service, "x")).isEmpty)
        #expect(egress.drops(.sourceNotAllowed) == 1)
    }

    @Test("a packet of a site behind a peer has no mapped address and does not leave")
    func siteHasNoMapping() throws {
        let egress = try open()
        try egress.gateway.addRoute("192.168.4.0/24", to: .peer(egress.hub.handles[0]))
        #expect(egress.leaving(Packets.udp(from: "192.168.4.4", to: service, "x")).isEmpty)
        #expect(egress.drops(.egressNotAllowed) == 1)
    }

    @Test(
        "from the interface, what is spoofed, martian or not from a service is dropped by its reason and not answered"
    )
    func judged() throws {
        let egress = try open()
        let cases: [(source: String, destination: String, reason: DropReason)] = [
            ("10.0.0.3", "100.64.7.2", .spoofedSource), ("10.0.0.77", "100.64.7.2", .spoofedSource),
            ("10.0.0.1", "100.64.7.2", .spoofedSource), ("127.0.0.1", "100.64.7.2", .martian),
            ("255.255.255.255", "100.64.7.2", .martian), ("224.0.0.1", "100.64.7.2", .martian),
            ("0.0.0.0", "100.64.7.2", .martian), ("198.51.100.1", "100.64.7.2", .unsolicited),
            ("8.8.8.8", "100.64.7.2", .unsolicited), ("100.64.7.3", "100.64.7.2", .unsolicited),
            ("203.0.113.1", "100.64.7.1", .unsolicited),
            ("203.0.113.1", "100.64.7.99", .unsolicited),
        ]
        for (source, destination, reason) in cases {
            let counted = egress.counted(reason) {
                let packet = Packets.udp(from: source, to: destination, "x")
                #expect(egress.entering(packet).isEmpty, "\(source)")
            }
            #expect(counted == 1, "\(source) to \(destination)")
            #expect(egress.gateway.emitted.isEmpty, "\(source)")
        }
        for destination in ["100.64.8.2", "10.0.0.2", "8.8.8.8"] {
            #expect(egress.entering(Packets.udp(from: "203.0.113.1", to: destination, "x")).isEmpty)
        }
        #expect(egress.entering(Packets.udp(from: "2001:db8::1", to: "fd00::2", "x")).isEmpty)
        #expect(egress.gateway.interfaceDrops(.martian) == 4)
        #expect(egress.entering([0x45, 0, 0]).isEmpty)
        #expect(egress.gateway.interfaceDrops(.malformedPacket) == 1)
    }

    @Test("a verdict on one flow of a run from the interface is not applied to another flow")
    func mixedRun() throws {
        let egress = try open()
        let sources = [service, "198.51.100.1", service, "10.0.0.3", service]
        let packets = sources.enumerated().map { index, source in
            Packets.udp(from: source, to: "100.64.7.2", "\(index)")
        }
        egress.hub.simulation.transmit(egress.gateway.inject(packets, at: egress.moment))
        egress.hub.simulation.settle()
        #expect(egress.hub.clients[0].received.map(Packets.payload) == ["0", "2", "4"])
    }

    @Test(
        "a packet that is too large for the tunnel is answered to the interface with the tunnel's MTU"
    )
    func tooBigOnTheWayIn() throws {
        let egress = try open()
        let large = Packets.udp(
            from: service,
            to: "100.64.7.2",
            String(repeating: "x", count: 1400)
        )
        #expect(egress.entering(large).isEmpty)
        let error = try ICMPReply(try #require(egress.gateway.emitted.first).bytes)
        #expect(error.type == 3 && error.code == 4 && error.word == 1420)
        #expect(error.source == IPAddress("100.64.7.1") && error.destination == IPAddress(service))
        // As the interface's side knows it.
        #expect(error.body.starts(with: large.prefix(28)))
        #expect(egress.drops(.tooBig) == 1)
    }

    @Test("a packet that is too large for the tunnel is answered on the way out too")
    func tooBigOnTheWayOut() throws {
        let egress = try open()
        let text = String(repeating: "x", count: 1400)
        let answers = egress.hub.answers(to: Packets.udp(from: "10.0.0.2", to: service, text))
        let error = try ICMPReply(try #require(answers.first))
        #expect(error.type == 3 && error.code == 4 && error.word == 1420)
    }

    @Test("the interface's side is sent a bounded number of errors")
    func errorBudget() throws {
        let egress = try open()
        let text = String(repeating: "x", count: 1400)
        let large = Packets.udp(from: service, to: "100.64.7.2", text)
        _ = egress.gateway.inject([[UInt8]](repeating: large, count: 500), at: egress.moment)
        #expect(egress.gateway.emitted.count == 64)
    }

    @Test("the largest segment of a TCP connection fits the tunnel, whichever side begins it")
    func clamped() throws {
        let egress = try open()
        let option: [UInt8] = [2, 4, 0x05, 0xb4]
        let left = egress.leaving(
            Packets.tcp(from: "10.0.0.2", to: service, flags: 2, options: option)
        )
        let out = try #require(left.first)
        #expect(out[40...] == [2, 4, 0x05, 0x64])
        #expect(Packets.transportChecksum(out, proto: 6) == 0)
        let received = egress.entering(
            Packets.tcp(from: service, to: "100.64.7.2", flags: 0x12, options: option)
        )
        let answer = try #require(received.first)
        #expect(answer[40...] == [2, 4, 0x05, 0x64])
        #expect(Packets.transportChecksum(answer, proto: 6) == 0)
    }

    @Test("packets for a peer without a session wait for it")
    func waits() throws {
        let egress = try open()
        let simulation = egress.hub.simulation
        simulation.run(for: .seconds(200))
        let answer = Packets.udp(from: service, to: "100.64.7.2", "late")
        simulation.transmit(egress.gateway.inject([answer], at: simulation.moment))
        simulation.run(for: .seconds(2))
        #expect(egress.hub.clients[0].received.map(Packets.payload) == ["late"])
    }

    @Test("padding never makes a packet from the interface larger than the tunnel's MTU")
    func padding() throws {
        let egress = try open()
        for (length, sealed) in [(1420, 1420), (1415, 1420), (1401, 1408), (100, 112)] {
            let text = String(repeating: "x", count: length - 28)
            let packet = Packets.udp(from: service, to: "100.64.7.2", text)
            let sent = egress.gateway.inject([packet], at: egress.moment)
            #expect(sent.map(\.bytes.count) == [sealed + 32])
        }
    }

    @Test("the gateway's view decides what its mapped range is, whatever the ranges say meanwhile")
    func staleRanges() throws {
        let egress = try open()
        let node = egress.gateway
        node.engine.ranges.set(try IPv4Prefix("100.64.9.0/24"), of: node.gateway)
        #expect(egress.entering(Packets.udp(from: service, to: "100.64.9.2", "x")).isEmpty)
        #expect(egress.drops(.martian) == 1)
    }

    @Test("a full batch drops what leaves, and counts it")
    func fullBatch() throws {
        let egress = try open()
        egress.gateway.turn.outgoing = OutgoingBatch(packets: 1)
        let packets = (0..<2).map { Packets.udp(from: "10.0.0.2", to: service, "\($0)") }
        let run = try packets.map {
            try egress.hub.clients[0].seal($0, for: PeerHandle(slot: 0, generation: 1))
        }
        _ = egress.gateway.receive(
            run.flatMap { $0 },
            from: egress.hub.clients[0].endpoint,
            segmentSize: run[0].count,
            at: egress.moment
        )
        #expect(egress.gateway.emitted.count == 1 && egress.drops(.batchFull) == 1)
    }

    @Test("what leaves lies where it was received, with free bytes before it")
    func staysInPlace() throws {
        let egress = try open()
        let client = egress.hub.clients[0]
        var sealed = try client.seal(
            Packets.udp(from: "10.0.0.2", to: service, "in place"),
            for: PeerHandle(slot: 0, generation: 1)
        )
        sealed.withUnsafeMutableBytes { buffer in
            egress.gateway.engine.receive(
                DatagramRun(
                    gateway: egress.gateway.gateway,
                    addressPair: AddressPair(remote: client.endpoint),
                    bytes: buffer,
                    segmentSize: buffer.count
                ),
                in: &egress.gateway[turnAt: egress.moment]
            )
            let packets = Array(egress.gateway.turn.outgoing.packets)
            #expect(packets.map(\.base) == [buffer.baseAddress.map { $0 + PacketRun.headroom }])
        }
        egress.gateway.turn.outgoing.clear()
    }

    @Test("equal addresses of two networks have ranges of their own and never meet")
    func twoNetworks() throws {
        let egress = try open()
        let node = egress.gateway
        let other = try node.addGateway(
            endpoint: try #require(Endpoint("192.0.2.1:5001")),
            privateKey: node.privateKey,
            addresses: ["10.0.0.1/24"],
            table: NetworkView()
        )
        let peer = PeerHandle(slot: 900, generation: 1)
        let configuration = try #require(
            EgressConfiguration(
                subnet: try IPv4Prefix("10.0.0.0/24"),
                mappedRange: try IPv4Prefix("100.64.8.0/24"),
                services: [EgressPermission("203.0.113.0/24")]
            )
        )
        node.engine.publish(
            NetworkView(
                routes: [(try IPPrefix("10.0.0.2/32"), .peer(peer))],
                blocks: [try IPPrefix("10.0.0.0/24")],
                egress: [(other, configuration)]
            ),
            to: [other]
        )
        #expect(egress.entering(Packets.udp(from: service, to: "100.64.7.2", "mine")).count == 1)
        #expect(egress.entering(Packets.udp(from: service, to: "100.64.8.2", "theirs")).isEmpty)
        #expect(node.engine.drops(of: other)?[.noRoute] == 1)
        node.engine.removeGateway(other)
        #expect(egress.entering(Packets.udp(from: service, to: "100.64.8.2", "gone")).isEmpty)
        #expect(node.interfaceDrops(.martian) == 1)
    }

    @Test("any worker that carries the gateway takes packets of the interface")
    func severalWorkers() throws {
        let egress = try EgressHub(services: [EgressPermission("203.0.113.0/24")], workers: 3)
        for index in 0..<50 {
            let packet = Packets.udp(from: service, to: "100.64.7.2", "\(index)")
            #expect(egress.entering(packet).map(Packets.payload) == ["\(index)"])
        }
    }

    @Test(
        "what passes the interface is counted for the gateway and for its peer, and nothing else is"
    )
    func counters() throws {
        let egress = try open()
        let node = egress.gateway
        #expect(node.report(egress.hub.handles[0])?.egress == nil)
        let out = Packets.udp(from: "10.0.0.2", to: service, "to a service")
        for _ in 0..<3 { _ = egress.leaving(out) }
        _ = egress.leaving(Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "to a peer"))
        _ = egress.leaving(Packets.udp(from: "10.0.0.2", to: "198.51.100.1", "prohibited"))
        let back = Packets.udp(from: service, to: "100.64.7.2", "back")
        let other = Packets.udp(from: service, to: "100.64.7.3", "to another")
        _ = egress.entering(back, back, other, back)
        _ = egress.entering(Packets.udp(from: "198.51.100.1", to: "100.64.7.2", "unsolicited"))

        let first = try #require(node.report(egress.hub.handles[0])?.egress)
        #expect(first.leftPackets == 3 && first.leftBytes == UInt64(3 * out.count))
        #expect(first.enteredPackets == 3 && first.enteredBytes == UInt64(3 * back.count))
        let second = try #require(node.report(egress.hub.handles[1])?.egress)
        #expect(second.leftPackets == 0 && second.enteredPackets == 1)
        let counted = node.engine.egressTraffic(of: node.gateway)
        let all = try #require(counted)
        #expect(all.leftPackets == 3 && all.enteredPackets == 4)
        #expect(all.enteredBytes == UInt64(3 * back.count + other.count))
    }

    @Test("a host's interface takes what its peers send, and gives what its routes lead to a peer")
    func hostInterface() throws {
        let hub = try Hub()
        let host = try SimulatedNode(
            endpoint: try #require(Endpoint("198.51.100.9:40000")),
            addresses: ["10.0.0.9/32"],
            delivery: .interface,
            random: hub.simulation.random
        )
        try host.add(
            hub.gateway.publicKey,
            allowed: ["0.0.0.0/0", "::/0"],
            endpoint: hub.gateway.endpoint,
            at: hub.simulation.moment
        )
        try hub.gateway.add(
            host.publicKey,
            allowed: ["10.0.0.9/32", "192.168.4.0/24"],
            at: hub.simulation.moment
        )
        hub.simulation.add(host)
        hub.connect()
        // A host behind this one, too, and with a hop limit that only a router would look at.
        let packet = Packets.udp(from: "192.168.4.1", to: "10.0.0.2", "out", hopLimit: 1)
        let own = Packets.udp(from: "10.0.0.9", to: "10.0.0.2", "own")
        hub.simulation.transmit(
            host.inject([packet, own], for: host.gateway, at: hub.simulation.moment)
        )
        hub.simulation.settle()
        #expect(hub.clients[0].received.map(Packets.payload) == ["own"])
        #expect(hub.gateway.drops(.hopLimitExceeded) == 1)

        try hub.clients[0].addRoute("192.168.4.0/24", to: .peer(PeerHandle(slot: 0, generation: 1)))
        for destination in ["10.0.0.9", "192.168.4.7"] {
            host.emitted.removeAll()
            hub.simulation.send(
                Packets.udp(from: "10.0.0.2", to: destination, "in", hopLimit: 2),
                from: hub.clients[0]
            )
            hub.simulation.settle()
            #expect(
                host.emitted.map(\.bytes) == [
                    Packets.udp(from: "10.0.0.2", to: destination, "in", hopLimit: 1)
                ]
            )
        }
        #expect(host.drops(.hopLimitExceeded) == 0 && host.received.isEmpty)
    }
}
