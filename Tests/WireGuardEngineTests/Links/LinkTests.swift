import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("Gateways of one network on several nodes")
struct LinkTests {
    @Test("peers of all regions reach each other, over two hops", arguments: [1, 3])
    func reachability(workers: Int) throws {
        let mesh = try Mesh(workers: workers)
        mesh.connect()
        for from in 0..<3 {
            for to in 0..<3 where to != from {
                let received = mesh.received(Mesh.packet(from, to, "over"), from: from)[to]
                let packet = try #require(received.first)
                #expect(received.count == 1 && Packets.payload(packet) == "over")
                #expect(packet[8] == 62)
                #expect(Packets.checksum(Array(packet[..<20])) == 0)
            }
        }
    }

    @Test("links have sessions before any packet needs them")
    func handshakes() throws {
        let mesh = try Mesh()
        mesh.simulation.run(for: .seconds(1))
        for from in 0..<3 {
            for to in 0..<3 where to != from {
                for lane in try #require(mesh.ends[from][to]).lanes {
                    #expect(try mesh.nodes[from].record(lane.peer).currentSession != nil)
                }
            }
        }
    }

    @Test("both gateways on the way of a packet are hops of it")
    func hops() throws {
        let mesh = try Mesh()
        mesh.connect()
        for (limit, source) in [(1, "10.0.0.1"), (2, "10.0.1.1")] {
            let packet = Mesh.packet(0, 1, hopLimit: UInt8(limit))
            let error = try ICMPReply(try #require(mesh.received(packet, from: 0)[0].first))
            #expect(error.type == 11 && error.source == IPAddress(source))
        }
    }

    @Test("a peer pings the gateway of another region")
    func pingGateway() throws {
        let mesh = try Mesh()
        mesh.connect()
        let answers = mesh.received(Packets.echo(from: "10.0.0.2", to: "10.0.1.1"), from: 0)[0]
        let answer = try ICMPReply(try #require(answers.first))
        #expect(answer.type == 0 && answer.source == IPAddress("10.0.1.1"))
        // The second gateway answers, and the first one is a hop of the answer.
        #expect(try #require(answers.first)[8] == 63)
    }

    @Test("a flow keeps to one lane and to its order, and flows use all lanes")
    func lanes() throws {
        let mesh = try Mesh(workers: 2)
        mesh.connect()
        var used: Set<UInt16> = []
        for flow in UInt16(0)..<32 {
            mesh.simulation.forgetLog()
            let packets = (0..<5).map { number in
                Packets.udp(
                    from: "10.0.0.2",
                    port: 1000 + flow,
                    to: "10.0.1.2",
                    port: 53,
                    "\(number)" + String(repeating: "x", count: 500)
                )
            }
            for client in mesh.clients { client.received.removeAll() }
            for packet in packets { mesh.simulation.send(packet, from: mesh.clients[0]) }
            mesh.simulation.settle()
            let received = mesh.clients[1].received.map { Packets.payload($0).prefix(1) }
            #expect(received == ["0", "1", "2", "3", "4"])
            let ports = mesh.simulation.log.map(\.datagram).filter {
                Mesh.hop($0) != nil && $0.bytes.count > 500
            }.map(\.to.port)
            #expect(ports.count == 5 && Set(ports).count == 1)
            used.formUnion(ports)
        }
        #expect(used == [6000, 6001])
    }

    @Test("pieces of a fragmented packet keep to one lane")
    func fragments() throws {
        let mesh = try Mesh()
        let found = mesh.nodes[0].engine.find(mesh.nodes[0].gateway)
        let gateway = try #require(found)
        let view = gateway.pointee.view.newest
        let hops = try #require(view.nextHops(toward: 1))
        let peers = gateway.pointee.peers
        for port in UInt16(1)..<20 {
            let whole = Packets.udp(from: "10.0.0.2", port: port, to: "10.0.1.2", port: 53)
            let lanes = [
                Packets.fragment(whole, offset: 0, isLast: false),
                Packets.fragment(whole, offset: 1400, isLast: true),
            ].map { piece in
                var piece = piece
                return piece.withUnsafeMutableBufferPointer { bytes -> PeerPointer? in
                    guard let start = bytes.baseAddress,
                        let inner = InnerPacket(start, available: bytes.count)
                    else { return nil }
                    return hops.lane(for: start, inner, of: peers)
                }
            }
            #expect(lanes[0] != nil && lanes[0] == lanes[1])
        }
    }

    @Test("lanes that do not work are left out")
    func deadLane() throws {
        let mesh = try Mesh()
        mesh.connect()
        mesh.take(.direct(lanes: 0b10), at: 0, toward: 1)
        for port in UInt16(1)...16 {
            mesh.simulation.forgetLog()
            let packet = Packets.udp(
                from: "10.0.0.2",
                port: port,
                to: "10.0.1.2",
                port: 53,
                String(repeating: "x", count: 500)
            )
            #expect(mesh.received(packet, from: 0)[1].count == 1)
            let ports = mesh.simulation.log.map(\.datagram).filter {
                Mesh.hop($0) != nil && $0.bytes.count > 500
            }.map(\.to.port)
            #expect(ports == [6001])
        }
    }

    @Test(
        "a packet that is too big for a link is answered by the first gateway, and a SYN announces what it carries"
    )
    func smallLink() throws {
        let mesh = try Mesh(linkMTU: 1300)
        mesh.connect()
        let large = Mesh.packet(0, 1, String(repeating: "x", count: 1350))
        let error = try ICMPReply(try #require(mesh.received(large, from: 0)[0].first))
        #expect(error.type == 3 && error.code == 4 && error.word == 1300)
        #expect(error.source == IPAddress("10.0.0.1"))

        let syn = Packets.tcp(
            from: "10.0.0.2",
            to: "10.0.1.2",
            flags: 0x02,
            options: [2, 4, 0x05, 0xb4]
        )
        let arrived = try #require(mesh.received(syn, from: 0)[1].first)
        #expect(Array(arrived[40..<44]) == [2, 4] + Packets.bytes(UInt16(1300 - 40)))
    }

    @Test("a region that cannot be reached is answered with net unreachable")
    func unreachable() throws {
        let mesh = try Mesh()
        mesh.connect()
        mesh.take(.unreachable, at: 0, toward: 1)
        let received = mesh.received(Mesh.packet(0, 1), from: 0)
        let error = try ICMPReply(try #require(received[0].first))
        #expect(error.type == 3 && error.code == 0 && error.source == IPAddress("10.0.0.1"))
        #expect(received[1].isEmpty && mesh.nodes[0].drops(.linkDown) == 1)
    }

    @Test(
        "a spoofed source of a peer or of an unused address is dropped where it comes from a link"
    )
    func spoofedSource() throws {
        let mesh = try Mesh()
        mesh.connect()
        // A node whose view lets a peer speak for the other region.
        for source in ["10.0.1.2", "10.0.1.99", "10.9.9.9"] {
            try mesh.nodes[0].addRoute(
                "\(source)/32",
                to: .peer(PeerHandle(slot: 0, generation: 1))
            )
            let packet = Packets.udp(from: source, to: "10.0.1.1", "forged")
            #expect(mesh.received(packet, from: 0) == [[], [], []])
        }
        #expect(mesh.drops(.sourceNotAllowed, at: 1, toward: 0) == 3)
        #expect(mesh.nodes[0].drops(.sourceNotAllowed) == 0)
    }

    @Test("a peer cannot speak for another region")
    func peerSpeaksForRegion() throws {
        let mesh = try Mesh()
        mesh.connect()
        let packet = Packets.udp(from: "10.0.1.7", to: "10.0.2.2", "forged")
        #expect(mesh.received(packet, from: 0) == [[], [], []])
        #expect(mesh.nodes[0].drops(.sourceNotAllowed) == 1)
    }
}
