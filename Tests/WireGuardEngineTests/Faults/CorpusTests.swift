import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("The corpus and its mutations never trap the engine")
struct CorpusTests {
    @Test(
        "after every entry of the corpus, as single datagrams and as one run, the engine works on"
    )
    func replay() throws {
        let entries = try CorpusEntry.all()
        #expect(entries.count >= 12)
        let target = try Target()
        for entry in entries {
            for datagram in entry.datagrams { target.attack(datagram) }
            let longest = entry.datagrams.map(\.count).max() ?? 1
            for size in [1, 16, 32, 64, 92, 148, max(longest, 1)] {
                _ = target.pair.b.receive(
                    entry.datagrams.flatMap { $0 },
                    from: target.pair.a.endpoint,
                    segmentSize: size,
                    at: target.pair.simulation.moment
                )
            }
        }
        let isWorking = target.works()
        #expect(isWorking)
    }

    @Test(
        "after mutations of the corpus and of valid messages the engine works on",
        arguments: [1, 2, 3] as [UInt64]
    )
    func mutations(seed: UInt64) throws {
        let target = try Target()
        let mutation = Mutation(seed: seed)
        let messages = target.messages + (try CorpusEntry.all()).flatMap(\.datagrams)
        for _ in 0..<15_000 { target.attack(mutation.mutate(messages)) }
        #expect(target.pair.b.drops.total > 12_000)
        let doesRecover = target.recovers()
        #expect(doesRecover)
    }

    @Test(
        "after mutated inner packets that a peer has sealed the engine works on",
        arguments: [1, 2, 3] as [UInt64]
    )
    func innerMutations(seed: UInt64) throws {
        let hub = try Hub()
        hub.connect()
        let mutation = Mutation(seed: seed)
        let packets = Family.both.flatMap { family in
            [
                Packets.udp(from: family.first, to: family.second, "payload"),
                Packets.udp(from: family.first, to: family.gateway, "payload"),
                Packets.udp(from: family.first, to: family.nobody, "payload", hopLimit: 1),
                Packets.echo(from: family.first, to: family.gateway, count: 30),
                Packets.tcp(
                    from: family.first,
                    to: family.second,
                    flags: 0x02,
                    options: [4, 2, 1, 2, 4, 0x23, 0x28, 1]
                ),
            ]
        }
        let moment = hub.simulation.moment
        var opened = 0
        for _ in 0..<5000 {
            let message = try hub.clients[0].seal(
                mutation.mutate(packets),
                for: PeerHandle(slot: 0, generation: 1)
            )
            for datagram in hub.gateway.receive(
                message,
                from: hub.clients[0].endpoint,
                at: moment
            ) {
                // What the gateway seals, its receiver opens and finds well formed.
                for client in hub.clients where client.endpoint == datagram.to {
                    _ = client.receive(datagram.bytes, from: datagram.from, at: moment)
                    opened += 1
                }
            }
        }
        #expect(opened > 500, "mutations leave enough packets that a gateway forwards or answers")
        for client in hub.clients {
            #expect(client.drops(.malformedPacket) == 0)
            #expect(client.drops(.forged) == 0)
        }
        let report = try #require(hub.gateway.report(hub.handles[0]))
        #expect(report.receivedPackets >= 5000)
    }
}
