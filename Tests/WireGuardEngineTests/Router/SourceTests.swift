import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("A peer may only speak for addresses that are routed back to it")
struct SourceTests {
    private func inject(_ packet: [UInt8], from index: Int, of hub: Hub) throws {
        try hub.allowEverything(atClient: index)
        hub.simulation.send(packet, from: hub.clients[index])
        hub.simulation.settle()
    }

    @Test(
        "a packet with another peer's, the gateway's or a foreign source address is dropped and counted"
    )
    func spoofed() throws {
        let hub = try Hub(clients: 3)
        hub.connect()
        for (count, source) in ["10.0.0.4", "10.0.0.1", "8.8.8.8"].enumerated() {
            try inject(Packets.udp(from: source, to: "10.0.0.3", "spoof"), from: 0, of: hub)
            #expect(hub.gateway.drops(.sourceNotAllowed) == UInt64(count + 1))
        }
        for source in ["fd00::4", "fd00::1", "2001:db8::1", "::", "::1", "ff02::1"] {
            try inject(Packets.udp(from: source, to: "fd00::3", "spoof"), from: 0, of: hub)
        }
        #expect(hub.gateway.drops(.sourceNotAllowed) == 9)
        #expect(hub.gateway.drops.total == 9)
        // No answer either: it would go to the spoofer.
        #expect(hub.clients.allSatisfy { $0.received.isEmpty })
    }

    @Test("spoofed packets to the gateway itself are dropped before they are answered")
    func spoofedEcho() throws {
        let hub = try Hub()
        hub.connect()
        try inject(Packets.echo(from: "10.0.0.3", to: "10.0.0.1"), from: 0, of: hub)
        #expect(hub.gateway.drops(.sourceNotAllowed) == 1)
        #expect(hub.clients.allSatisfy { $0.received.isEmpty })
    }

    @Test(
        "of peers with overlapping prefixes, the more specific one owns an address as source and target"
    )
    func overlapping() throws {
        let hub = try Hub(clients: 3)
        hub.connect()
        // The first client owns 10.9.0.0/16, the second 10.9.1.0/24 within it.
        let routes: [(prefix: IPPrefix, destination: Destination)] = [
            (try IPPrefix("10.9.0.0/16"), .peer(hub.handles[0])),
            (try IPPrefix("10.9.1.0/24"), .peer(hub.handles[1])),
            (try IPPrefix("10.0.0.4/32"), .peer(hub.handles[2])),
        ]
        hub.gateway.engine.publish(NetworkView(routes: routes), to: [hub.gateway.gateway])
        try hub.allowEverything(atClient: 2)
        try inject(Packets.udp(from: "10.9.2.1", to: "10.0.0.4", "wide"), from: 0, of: hub)
        try inject(Packets.udp(from: "10.9.1.1", to: "10.0.0.4", "stolen"), from: 0, of: hub)
        try inject(Packets.udp(from: "10.9.1.1", to: "10.0.0.4", "narrow"), from: 1, of: hub)
        try inject(Packets.udp(from: "10.9.2.1", to: "10.0.0.4", "too wide"), from: 1, of: hub)
        #expect(hub.clients[2].received.map(Packets.payload) == ["wide", "narrow"])
        #expect(hub.gateway.drops(.sourceNotAllowed) == 2)

        hub.simulation.forgetLog()
        try inject(Packets.udp(from: "10.0.0.4", to: "10.9.1.7", "to narrow"), from: 2, of: hub)
        try inject(Packets.udp(from: "10.0.0.4", to: "10.9.2.7", "to wide"), from: 2, of: hub)
        #expect(hub.sentPackets(to: 1) == 1 && hub.sentPackets(to: 0) == 1)
    }

    @Test("the source check of one flow of a run is not applied to another flow")
    func mixedRun() throws {
        let hub = try Hub(clients: 2)
        hub.connect()
        let client = hub.clients[0]
        try hub.allowEverything(atClient: 0)
        let moment = hub.simulation.moment
        let sources = ["10.0.0.2", "10.0.0.9", "10.0.0.2", "10.0.0.2", "10.0.0.3"]
        let run = sources.enumerated().flatMap { index, source in
            client.send(Packets.udp(from: source, to: "10.0.0.3", "\(index)"), at: moment)
        }
        let size = try #require(run.first).bytes.count
        let sent = hub.gateway.receive(
            run.flatMap(\.bytes),
            from: client.endpoint,
            segmentSize: size,
            at: moment
        )
        for datagram in sent {
            _ = hub.clients[1].receive(datagram.bytes, from: datagram.from, at: moment)
        }
        #expect(hub.clients[1].received.map(Packets.payload) == ["0", "2", "3"])
        #expect(hub.gateway.drops(.sourceNotAllowed) == 2)
    }
}

extension Hub {
    /// The client sends any packet to the gateway and takes any source from it.
    func allowEverything(atClient index: Int) throws {
        let client = clients[index]
        let gateway = Destination.peer(PeerHandle(slot: 0, generation: 1))
        let own = Destination.gateway(client.gateway)
        client.engine.publish(
            NetworkView(routes: [
                (try IPPrefix("0.0.0.0/0"), gateway),
                (try IPPrefix("::/0"), gateway),
                (try IPPrefix("10.0.0.\(index + 2)/32"), own),
                (try IPPrefix("fd00::\(index + 2)/128"), own),
            ]),
            to: [client.gateway]
        )
    }

    /// Data packets that the gateway sealed for a client and sent since the last `forgetLog`.
    func sentPackets(to index: Int) -> Int {
        simulation.log.filter {
            $0.datagram.from == gateway.endpoint && $0.datagram.to == clients[index].endpoint
                && $0.datagram.isData
        }.count
    }
}
