import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

/// Hours on a bad wire: clients that send to each other at random, outages, roaming.
private struct Journey {
    let hub: Hub
    private(set) var sent: [Set<String>]
    private var number = 0

    init(seed: UInt64, workers: Int = 1) throws {
        hub = try Hub(clients: 3, seed: seed, workers: workers)
        sent = hub.clients.map { _ in [] }
        hub.simulation.wire.latency = .milliseconds(20)
        hub.simulation.wire.jitter = .milliseconds(200)
        hub.simulation.wire.lossPerMille = 150
        hub.simulation.wire.duplicationPerMille = 100
    }

    /// In bursts and pauses; 60 steps are more than an hour.
    mutating func run(steps: Int = 60) {
        let random = hub.simulation.random
        for _ in 0..<steps {
            for _ in 0..<random.below(8) { sendOne() }
            if random.happens(perMille: 60) { outage(.seconds(random.below(250))) }
            if random.happens(perMille: 80) { roam() }
            hub.simulation.run(
                for: random.happens(perMille: 100)
                    ? .seconds(random.below(700)) : .milliseconds(random.below(60_000))
            )
        }
    }

    private mutating func sendOne() {
        let random = hub.simulation.random
        let from = Int(random.below(3))
        let to = (from + 1 + Int(random.below(2))) % 3
        number += 1
        let text = "\(number) " + String(repeating: "x", count: Int(random.below(1300)))
        sent[to].insert(text)
        let isIPv6 = random.happens(perMille: 500)
        let prefix = isIPv6 ? "fd00::" : "10.0.0."
        hub.simulation.send(
            Packets.udp(from: "\(prefix)\(from + 2)", to: "\(prefix)\(to + 2)", text),
            from: hub.clients[from]
        )
    }

    private func outage(_ length: Interval) {
        hub.simulation.passes = { _ in false }
        hub.simulation.run(for: length)
        hub.simulation.passes = { _ in true }
    }

    private func roam() {
        let client = hub.clients[Int(hub.simulation.random.below(3))]
        client.endpoint.port = UInt16(1024 + hub.simulation.random.below(60_000))
    }

    /// A perfect wire again, and a minute for everybody to find each other.
    func recover() {
        hub.simulation.wire = .init()
        for client in hub.clients {
            hub.simulation.send(
                Packets.echo(from: "10.0.0.\(number(of: client))", to: "10.0.0.1"),
                from: client
            )
        }
        hub.simulation.run(for: .seconds(60))
    }

    func number(of client: SimulatedNode) -> Int {
        2 + (hub.clients.firstIndex { $0 === client } ?? 0)
    }

    /// Of every datagram that anybody sent, and when.
    var digest: UInt64 {
        hub.simulation.log.reduce(0xcbf2_9ce4_8422_2325) { digest, entry in
            entry.datagram.bytes.reduce(digest ^ entry.at.nanoseconds) {
                ($0 ^ UInt64($1)) &* 0x100_0000_01b3
            }
        }
    }
}

@Suite("Hours on a wire that loses, delays and repeats")
struct LossySimulationTests {
    @Test(
        "on a wire that loses, delays and repeats, packets arrive once at most, and traffic resumes",
        arguments: [1, 2, 3, 4, 5] as [UInt64],
        [1, 2, 3]
    )
    func invariants(seed: UInt64, workers: Int) throws {
        var journey = try Journey(seed: seed, workers: workers)
        journey.run()
        for (index, client) in journey.hub.clients.enumerated() {
            // Anything else is an ICMP error about a peer that was not heard yet.
            let texts = client.received.filter { $0[$0[0] >> 4 == 4 ? 9 : 6] == 17 }
                .map(Packets.payload)
            let sent = journey.sent[index]
            let areUnaltered = sent.isSuperset(of: texts)
            let doMostArrive = texts.count * 2 > sent.count
            #expect(Set(texts).count == texts.count, "a packet was delivered twice")
            #expect(areUnaltered)
            #expect(doMostArrive, "\(texts.count) of \(sent.count)")
        }
        journey.recover()
        for client in journey.hub.clients { client.received.removeAll() }
        for from in 2...4 {
            for to in 2...4 where to != from {
                journey.hub.simulation.send(
                    Packets.udp(from: "10.0.0.\(from)", to: "10.0.0.\(to)", "\(from)"),
                    from: journey.hub.clients[from - 2]
                )
            }
        }
        journey.hub.simulation.run(for: .milliseconds(100))
        for (index, client) in journey.hub.clients.enumerated() {
            let others = Set((2...4).map(String.init)).subtracting(["\(index + 2)"])
            #expect(client.received.count == 2)
            #expect(Set(client.received.map(Packets.payload)) == others)
        }
        #expect(journey.hub.gateway.drops(.forged) == 0)
        #expect(journey.hub.gateway.drops(.malformedMessage) == 0)
        #expect(journey.hub.gateway.drops(.malformedPacket) == 0)
        #expect(journey.hub.gateway.drops(.sourceNotAllowed) == 0)
    }

    @Test("the same seed replays a simulation exactly, another one does not")
    func replay() throws {
        let digests = try ([8, 8, 9] as [UInt64]).map { seed in
            var journey = try Journey(seed: seed)
            journey.run(steps: 25)
            return journey.digest
        }
        #expect(digests[0] == digests[1])
        #expect(digests[0] != digests[2])
    }

    @Test("on a wire that repeats every datagram, packets are delivered once")
    func everythingTwice() throws {
        let pair = try Pair()
        pair.simulation.wire.duplicationPerMille = 1000
        pair.simulation.wire.jitter = .milliseconds(50)
        for number in 0..<40 {
            pair.sendFromA("\(number)")
            pair.simulation.run(for: .seconds(20))
        }
        #expect(pair.textsAtB == (0..<40).map(String.init))
        #expect(pair.b.drops(.replayed) > 0)
    }

    @Test("traffic through a hub resumes at once after an outage of any length")
    func outages() throws {
        for length in [10, 100, 170, 190, 530, 550, 4000] as [UInt64] {
            let pair = try Pair()
            pair.connect()
            pair.simulation.passes = { _ in false }
            pair.sendFromA("lost")
            pair.simulation.run(for: .seconds(length))
            pair.simulation.passes = { _ in true }
            pair.sendFromA("resumed")
            pair.simulation.run(for: .seconds(6))
            #expect(pair.textsAtB.last == "resumed", "\(length) s")
        }
    }
}
