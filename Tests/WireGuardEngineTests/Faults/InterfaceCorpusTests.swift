import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite(
    "The interface's corpus and its mutations never trap the engine, and nothing forbidden comes of them"
)
struct InterfaceCorpusTests {
    private func open() throws -> EgressHub {
        try EgressHub(services: [
            EgressPermission("203.0.113.0/24", 17, 4000...5999),
            EgressPermission("203.0.113.0/25", 6),
            EgressPermission("198.51.100.0/24"),
        ])
    }

    /// What is well formed, from a service and to a peer.
    private static let packets: [[UInt8]] = {
        let service = "198.51.100.9"
        let peer = "100.64.7.2"
        let sent = Packets.udp(from: peer, port: 9, to: "203.0.113.1", port: 5060)
        let long = String(repeating: "x", count: 1500)
        return [
            Packets.udp(from: service, to: peer, "payload"),
            Packets.udp(from: "203.0.113.1", port: 5060, to: peer, port: 9),
            Packets.udp(from: service, to: "100.64.7.3", long),
            Packets.tcp(from: service, to: peer, flags: 0x12, options: [2, 4, 5, 0xb4]),
            Packets.echo(from: service, to: peer, count: 30),
            Packets.icmpError(from: "8.8.8.8", to: peer, type: 11, code: 0, quoting: sent),
            Packets.icmpError(from: service, to: peer, type: 3, code: 4, word: 1300, quoting: sent),
            Packets.fragment(Packets.udp(from: service, to: peer, "a"), offset: 0, isLast: false),
            Packets.fragment(Packets.udp(from: service, to: peer, "b"), offset: 16, isLast: true),
            Packets.udp(from: "2001:db8::1", to: "fd00::2", "payload"),
        ]
    }()

    @Test("after every entry of the corpus, alone and as one run, the engine works on")
    func replay() throws {
        let entries = try CorpusEntry.all(of: "Interface")
        #expect(entries.count >= 8)
        let egress = try open()
        for entry in entries {
            for packet in entry.datagrams { _ = egress.gateway.inject([packet], at: egress.moment) }
            _ = egress.gateway.inject(entry.datagrams, at: egress.moment)
        }
        egress.hub.simulation.settle()
        #expect(egress.entering(Self.packets[0]).count == 1)
    }

    @Test(
        "after mutated packets of the interface the engine works on, and peers got only what is permitted",
        arguments: [1, 2, 3] as [UInt64]
    )
    func mutations(seed: UInt64) throws {
        let egress = try open()
        let mutation = Mutation(seed: seed)
        let packets = Self.packets + (try CorpusEntry.all(of: "Interface")).flatMap(\.datagrams)
        var received = 0
        for _ in 0..<4000 {
            let run = (0..<1 + mutation.random.below(3)).map { _ in mutation.mutate(packets) }
            for packet in egress.enter(run) {
                received += 1
                expectPermitted(packet)
            }
            // What is answered goes to who has sent it, from the gateway's own mapped address.
            for error in egress.gateway.emitted {
                #expect(error.bytes[9] == 1 && Packets.sourceOf(error.bytes) == "100.64.7.1")
                #expect(Packets.checksum(Array(error.bytes[..<20])) == 0)
            }
        }
        #expect(received > 500, "mutations leave enough packets that a gateway takes")
        for client in egress.hub.clients {
            #expect(client.drops(.malformedPacket) == 0)
            #expect(client.drops(.forged) == 0)
        }
        #expect(egress.entering(Self.packets[0]).count == 1)
    }

    /// A packet that a peer got from the interface.
    private func expectPermitted(_ packet: [UInt8]) {
        let source = Packets.sourceOf(packet)
        #expect(Packets.destinationOf(packet).hasPrefix("10.0.0."))
        guard !source.hasPrefix("198.51.100.") else { return }
        if packet[9] == 1 {
            let type = packet[Packets.headerLength(packet)]
            #expect([3, 4, 5, 11, 12].contains(type))
            // Unreachable comes in from the gateway itself.
            #expect(!source.hasPrefix("10.0.0.") || source == "10.0.0.1" && type == 3)
        } else {
            #expect(source.hasPrefix("203.0.113.") && [6, 17].contains(packet[9]))
        }
    }

    @Test(
        "mutated packets of a peer leave with a mapped source and right header checksum, or not at all",
        arguments: [1, 2] as [UInt64]
    )
    func leaving(seed: UInt64) throws {
        let egress = try open()
        let mutation = Mutation(seed: seed)
        let service = "198.51.100.9"
        let came = Packets.udp(from: "203.0.113.1", port: 5060, to: "10.0.0.2", port: 9)
        let packets = [
            Packets.udp(from: "10.0.0.2", to: service, "payload"),
            Packets.udp(from: "10.0.0.2", port: 9, to: "203.0.113.1", port: 5060),
            Packets.tcp(from: "10.0.0.2", to: service, flags: 2, options: [2, 4, 5, 0xb4]),
            Packets.icmpError(from: "10.0.0.2", to: "203.0.113.1", type: 3, code: 3, quoting: came),
            Packets.fragment(
                Packets.udp(from: "10.0.0.2", to: service, "b"),
                offset: 16,
                isLast: true
            ),
        ]
        let client = egress.hub.clients[0]
        for _ in 0..<4000 {
            let message = try client.seal(
                mutation.mutate(packets),
                for: PeerHandle(slot: 0, generation: 1)
            )
            _ = egress.gateway.receive(message, from: client.endpoint, at: egress.moment)
        }
        let left = egress.gateway.emitted.map(\.bytes)
        #expect(left.count > 300)
        for packet in left {
            #expect(Packets.sourceOf(packet) == "100.64.7.2")
            let destination = Packets.destinationOf(packet)
            #expect(destination.hasPrefix("198.51.100.") || destination.hasPrefix("203.0.113."))
        }
    }
}

extension EgressHub {
    /// What all clients receive of a run from the interface; the client's clock does not go on.
    fileprivate func enter(_ run: [[UInt8]]) -> [[UInt8]] {
        gateway.emitted.removeAll()
        for client in hub.clients { client.received.removeAll() }
        for datagram in gateway.inject(run, at: moment) {
            for client in hub.clients where client.endpoint == datagram.to {
                _ = client.receive(datagram.bytes, from: datagram.from, at: moment)
            }
        }
        return hub.clients.flatMap(\.received)
    }
}
