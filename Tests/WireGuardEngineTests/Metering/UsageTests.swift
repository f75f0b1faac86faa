import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import WireGuardEngine

@Suite("What is counted of a peer")
struct UsageTests {
    private static let service = "203.0.113.5"
    private static let internet = "8.8.8.8"

    private static func egress(
        clients: Int = 2,
        workers: Int = 1,
        internet: Bool = true
    ) throws -> EgressHub {
        let egress = try EgressHub(
            services: [try EgressPermission("203.0.113.0/24")],
            internet: internet,
            clients: clients,
            workers: workers
        )
        #expect(egress.hub.handles.allSatisfy { egress.gateway.usage(of: $0) == Usage() })
        return egress
    }

    @Test("a packet between two peers counts with its inner bytes at both")
    func hairpin() throws {
        let egress = try Self.egress()
        let packet = Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "hello")
        #expect(egress.hub.forward(packet).count == 1)
        let one = PacketCount(packets: 1, bytes: UInt64(packet.count))
        var (sender, target) = (Usage(), Usage())
        sender.received.hairpin = one
        target.sent.hairpin = one
        #expect(egress.gateway.usage(of: egress.hub.handles[0]) == sender)
        #expect(egress.gateway.usage(of: egress.hub.handles[1]) == target)
        #expect(egress.gateway.usage == sender + target)
    }

    @Test("what passes the interface counts as of a private service or of the internet")
    func interface() throws {
        let egress = try Self.egress()
        let there = [Self.service, Self.internet].map {
            Packets.udp(from: "10.0.0.2", to: $0, "there")
        }
        for packet in there { #expect(egress.leaving(packet).count == 1) }
        let back = [Self.service, Self.internet].map {
            Packets.udp(from: $0, to: "100.64.7.2", "and back")
        }
        #expect(egress.entering(back[0], back[1], back[0]).count == 3)
        var usage = Usage()
        usage.received.services = PacketCount(packets: 1, bytes: UInt64(there[0].count))
        usage.received.internet = PacketCount(packets: 1, bytes: UInt64(there[1].count))
        usage.sent.services = PacketCount(packets: 2, bytes: UInt64(2 * back[0].count))
        usage.sent.internet = PacketCount(packets: 1, bytes: UInt64(back[1].count))
        #expect(egress.gateway.usage(of: egress.hub.handles[0]) == usage)
        #expect(egress.gateway.usage == usage)
    }

    @Test("a router's error about a packet to a private service counts as the service does")
    func errors() throws {
        let egress = try Self.egress(internet: false)
        let out = try #require(
            egress.leaving(Packets.udp(from: "10.0.0.2", to: Self.service, "there")).first
        )
        let error = Packets.icmpError(
            from: "192.0.2.99",
            to: "100.64.7.2",
            type: 3,
            code: 1,
            quoting: out
        )
        #expect(egress.entering(error).count == 1)
        let usage = egress.gateway.usage(of: egress.hub.handles[0])
        #expect(usage.sent.services.bytes == UInt64(error.count))
        #expect(usage.sent.total == usage.sent.services)
    }

    @Test("packets over a link count at the peers of both ends, and not at the link")
    func link() throws {
        let mesh = try Mesh()
        mesh.connect()
        let packet = Mesh.packet(0, 1)
        #expect(mesh.received(packet, packet, from: 0)[1].count == 2)
        let two = PacketCount(packets: 2, bytes: UInt64(2 * packet.count))
        var (sender, target) = (Usage(), Usage())
        sender.received.link = two
        target.sent.link = two
        #expect(mesh.nodes[0].usage == sender)
        #expect(mesh.nodes[1].usage == target)
        #expect(mesh.nodes[2].usage == Usage())
    }

    @Test(
        "keepalives, echo answers of the gateway, its errors and what it refuses count as nothing"
    )
    func ownPackets() throws {
        let egress = try Self.egress()
        let (hub, simulation) = (egress.hub, egress.hub.simulation)
        #expect(hub.answers(to: Packets.echo(from: "10.0.0.2", to: "10.0.0.1")).count == 1)
        let lost = Packets.udp(from: "10.0.0.2", to: "10.0.0.200", "x")
        #expect(hub.answers(to: lost).count == 1, "an ICMP error")
        #expect(hub.answers(to: Packets.udp(from: "10.9.9.9", to: "10.0.0.3", "x")).isEmpty)
        simulation.run(for: .seconds(30))
        let report = try #require(egress.gateway.report(hub.handles[0]))
        #expect(report.receivedPackets >= 4)
        #expect(egress.gateway.usage(of: hub.handles[0]) == Usage())
        #expect(egress.gateway.usage == Usage())
    }

    @Test(
        "a packet that waits for a session counts as sent when it is sealed",
        arguments: [1, 3]
    )
    func staged(workers: Int) throws {
        let egress = try Self.egress(workers: workers)
        let hub = egress.hub
        egress.gateway.engine.eraseKeys(of: try egress.gateway.record(hub.handles[1]))
        let packet = Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "waits")
        hub.simulation.transmit(
            hub.clients[0].send(packet, at: hub.simulation.moment).flatMap {
                egress.gateway.receive($0.bytes, from: $0.from, at: hub.simulation.moment)
            }
        )
        let one = PacketCount(packets: 1, bytes: UInt64(packet.count))
        #expect(egress.gateway.usage.received.hairpin == one)
        #expect(egress.gateway.usage.sent.total == PacketCount())
        hub.simulation.settle()
        #expect(hub.clients[1].received == [oneHopOlder(packet)])
        #expect(egress.gateway.usage.sent.hairpin == one)
        #expect(egress.gateway.usage(of: hub.handles[1]).sent.hairpin == one)
    }

    @Test("a peer that is installed anew with its account counts on")
    func reinstallation() throws {
        let egress = try Self.egress()
        let (hub, gateway) = (egress.hub, egress.gateway)
        let packet = Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "x")
        #expect(hub.forward(packet).count == 1)
        let account = try #require(gateway.account(of: hub.handles[1]))
        let next = PeerHandle(slot: hub.handles[1].slot, generation: 2)
        gateway.engine.removePeer(hub.handles[1])
        gateway.engine.installPeer(
            next,
            on: gateway.gateway,
            PeerConfiguration(publicKey: hub.clients[1].publicKey),
            charging: account,
            at: hub.simulation.moment
        )
        try gateway.addRoute("10.0.0.3/32", to: .peer(next))
        // Its session is gone, which it notices when no answer comes.
        _ = hub.answers(to: Packets.echo(from: "10.0.0.3", to: "10.0.0.1"), from: 1)
        hub.simulation.run(for: .seconds(20))
        #expect(hub.forward(packet).count == 1)
        #expect(account.usage.sent.hairpin.packets == 2)
    }

    @Test("an account tells what is new once, and a peer that was charged is in the next report")
    func news() throws {
        let egress = try Self.egress()
        let (hub, gateway) = (egress.hub, egress.gateway)
        #expect(gateway.account(of: hub.handles[1]) == nil, "an idle peer has none")
        #expect(hub.forward(Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "x")).count == 1)
        let account = try #require(gateway.account(of: hub.handles[1]))
        let charged = gateway.engine.takeChargedPeers()
        #expect(charged.contains { $0.newAccount === account })
        #expect(Set(charged.map(\.peer)) == Set(hub.handles))
        #expect(gateway.engine.takeChargedPeers().isEmpty)
        #expect(account.takeNewUsage()?.sent.hairpin.packets == 1)
        #expect(account.takeNewUsage() == nil)
        #expect(hub.forward(Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "x")).count == 1)
        #expect(gateway.engine.takeChargedPeers().contains { $0.peer == hub.handles[1] })
    }

    @Test(
        "of random traffic each peer's usage is what a model counts, and quotas count their sum",
        arguments: Array(1...12) as [UInt64]
    )
    func random(seed: UInt64) throws {
        let random = SeededRandom(seed: seed)
        let egress = try Self.egress(clients: 4, workers: seed % 2 == 0 ? 3 : 1)
        let (hub, gateway) = (egress.hub, egress.gateway)
        for account in [gateway.account, gateway.organization] {
            account.setQuota(Quota(left: .max, action: .block))
        }
        var expected = [Usage](repeating: Usage(), count: 4)
        for number in 0..<200 {
            let one = Int(random.below(4))
            let own = "10.0.0.\(one + 2)"
            let text = String(repeating: "x", count: Int(random.below(1200)))
            switch random.below(6) {
            case 0:
                hub.simulation.send(Packets.echo(from: own, to: "10.0.0.1"), from: hub.clients[one])
            case 1:
                hub.simulation.send(
                    Packets.udp(from: own, to: "10.0.0.77", text),
                    from: hub.clients[one]
                )
            case 2:
                let kind = random.below(2) == 0 ? TrafficKind.services : .internet
                let far = kind == .services ? Self.service : Self.internet
                let packets = (0..<1 + Int(random.below(5))).map {
                    Packets.udp(from: far, to: "100.64.7.\(one + 2)", "\($0)" + text)
                }
                hub.simulation.transmit(gateway.inject(packets, at: hub.simulation.moment))
                for packet in packets { expected[one].sent[kind].add(packet.count) }
            case 3:
                let kind = random.below(2) == 0 ? TrafficKind.services : .internet
                let far = kind == .services ? Self.service : Self.internet
                let packet = Packets.udp(from: own, to: far, text)
                hub.simulation.send(packet, from: hub.clients[one])
                expected[one].received[kind].add(packet.count)
            default:
                let other = Int(random.below(4))
                guard other != one else { continue }
                let packet = Packets.udp(from: own, to: "10.0.0.\(other + 2)", text)
                hub.simulation.send(packet, from: hub.clients[one])
                expected[one].received.hairpin.add(packet.count)
                expected[other].sent.hairpin.add(packet.count)
            }
            if number % 10 == 0 { hub.simulation.settle() }
        }
        hub.simulation.settle()
        #expect(hub.handles.map { gateway.usage(of: $0) } == expected)
        #expect(gateway.usage == expected.reduce(Usage(), +))
        #expect(gateway.account.reading?.counted == gateway.usage.total.bytes)
        #expect(gateway.organization.reading?.counted == gateway.usage.total.bytes)
        #expect(TrafficKind.allCases.contains { expected[0].received[$0].packets > 0 })
    }

    @Test("in a run of packets to several peers each counts its own")
    func mixedRun() throws {
        let egress = try Self.egress(clients: 3)
        let (hub, gateway) = (egress.hub, egress.gateway)
        let targets = ["10.0.0.3", "10.0.0.4", "10.0.0.3", Self.service, Self.internet, "10.0.0.1"]
        let packets = targets.map { Packets.udp(from: "10.0.0.2", to: $0, "same length") }
        let datagrams = packets.flatMap { hub.clients[0].send($0, at: hub.simulation.moment) }
        let size = try #require(datagrams.first).bytes.count
        hub.simulation.transmit(
            gateway.receive(
                datagrams.flatMap(\.bytes),
                from: hub.clients[0].endpoint,
                segmentSize: size,
                at: hub.simulation.moment
            )
        )
        let length = UInt64(packets[0].count)
        let usage = hub.handles.map { gateway.usage(of: $0) }
        #expect(usage[0].received.hairpin == PacketCount(packets: 3, bytes: 3 * length))
        #expect(usage[0].received.services == PacketCount(packets: 1, bytes: length))
        #expect(usage[0].received.internet == PacketCount(packets: 1, bytes: length))
        #expect(usage[1].sent.hairpin == PacketCount(packets: 2, bytes: 2 * length))
        #expect(usage[2].sent.hairpin == PacketCount(packets: 1, bytes: length))
    }

    private func oneHopOlder(_ packet: [UInt8]) -> [UInt8] {
        var packet = packet
        packet[8] -= 1
        return Packets.setHeaderChecksum(of: packet)
    }
}
