import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import WireGuardEngine

struct PeerTroubleTests {
    @Test("a peer whose packets all go through has no memory for trouble")
    func none() throws {
        let hub = try Hub()
        hub.connect()
        #expect(hub.forward(Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "x")).count == 1)
        hub.simulation.run(for: .seconds(300))
        for handle in hub.handles { #expect(hub.gateway.trouble(handle) == nil) }
    }

    @Test(
        "a packet that is not forwarded is noted at its sender with the reason and inner addresses",
        arguments: [1, 2]
    )
    func drops(workers: Int) throws {
        let hub = try Hub(workers: workers)
        hub.connect()
        try hub.allowEverything(atClient: 0)
        hub.simulation.send(
            Packets.udp(from: "10.9.9.9", to: "10.0.0.3", "spoof"),
            from: hub.clients[0]
        )
        hub.simulation.settle()
        let trouble = try #require(hub.gateway.trouble(hub.handles[0]))
        let note = try #require(trouble.dropNotes.first)
        #expect(note.reason == .sourceNotAllowed && note.count == 1)
        #expect(note.flow?.source == IPAddress("10.9.9.9"))
        #expect(note.flow?.destination == IPAddress("10.0.0.3"))
        #expect(note.length == 28 + 5)
        #expect(note.last == hub.simulation.moment.wall)
        #expect(hub.gateway.trouble(hub.handles[1]) == nil)
        let reported = hub.gateway.newTroubles()
        #expect(reported.map(\.peer) == [hub.handles[0]])
        #expect(hub.gateway.newTroubles().isEmpty, "it was reported")
    }

    @Test("a packet that is too big is noted with the MTU that it exceeds")
    func tooBig() throws {
        let hub = try Hub(mtu: 600)
        hub.connect()
        let text = String(repeating: "x", count: 700)
        _ = hub.answers(to: Packets.udp(from: "10.0.0.2", to: "10.0.0.3", text))
        let note = try #require(hub.gateway.trouble(hub.handles[0])?.dropNotes.first)
        #expect(note.reason == .tooBig)
        #expect(note.exceededMTU == 600 && note.length == 728)
    }

    @Test("messages that anyone can send in a peer's name leave nothing at the peer")
    func unopened() throws {
        let pair = try Pair()
        pair.connect()
        let moment = pair.simulation.moment
        let genuine = try #require(pair.a.send(Pair.fromA("x"), at: moment).first)
        var forged = genuine.bytes
        forged[20] ^= 1
        for bytes in [forged, genuine.bytes, genuine.bytes, genuine.bytes] {
            _ = pair.b.receive(bytes, from: genuine.from, at: moment)
        }
        #expect(pair.b.trouble(pair.toA) == nil)
        #expect(pair.b.drops[.forged] == 1 && pair.b.drops[.replayed] == 2)
    }

    @Test("with different preshared keys the answers of the responder are counted as not used")
    func presharedKeyOfInitiator() throws {
        let pair = try Pair(bKnowsEndpoint: false)
        pair.setPresharedKeyOfB()
        pair.sendFromA()
        pair.simulation.run(for: .seconds(17))
        let trouble = try #require(pair.b.trouble(pair.toA))
        #expect(trouble.unusedAnswers.count == 3)
        #expect(trouble.refusedAnswers.count == 0)
    }

    @Test("with different preshared keys the answer to a call cannot be opened, which is counted")
    func presharedKeyOfResponder() throws {
        let pair = try Pair()
        pair.setPresharedKeyOfB()
        pair.sendFromB()
        pair.simulation.run(for: .seconds(12))
        let trouble = try #require(pair.b.trouble(pair.toA))
        #expect(trouble.refusedAnswers.count == 3)
        #expect(trouble.unansweredCalls.count == 2)
    }

    @Test("a complete handshake ends the count of what went wrong with handshakes before")
    func complete() throws {
        let pair = try Pair()
        pair.simulation.passes = { _ in false }
        pair.sendFromB()
        pair.simulation.run(for: .seconds(12))
        #expect(pair.b.trouble(pair.toA)?.unansweredCalls.count == 2)
        pair.simulation.passes = { _ in true }
        pair.simulation.run(for: .seconds(6))
        #expect(pair.b.trouble(pair.toA)?.unansweredCalls.count == 0)
    }

    @Test("packets that waited in vain for a silent peer are noted with their inner addresses")
    func undelivered() throws {
        let pair = try Pair()
        pair.simulation.passes = { _ in false }
        for number in 0..<3 { pair.sendFromB("\(number)") }
        pair.simulation.run(for: .seconds(100))
        let note = try #require(pair.b.trouble(pair.toA)?.dropNotes.first)
        #expect(note.reason == .stagingFull && note.count == 3)
        #expect(note.flow?.source == IPAddress(Pair.addressB))
        #expect(note.flow?.destination == IPAddress(Pair.addressA))
        #expect(pair.b.trouble(pair.toA)?.unansweredCalls.count == 18)
    }

    @Test("a clock that was set back is told by how far, and is forgotten when it is right again")
    func clockSetBack() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.wallOffset -= 3_600 * 1_000_000_000
        // Its own stamps never go back, so that a restart has to make them do so.
        pair.a.engine.find(pair.a.gateway)?.pointee.newestTimestampSent = .zero
        pair.simulation.run(for: .seconds(200))
        pair.sendFromA()
        pair.simulation.run(for: .seconds(12))
        let clock = try #require(pair.b.trouble(pair.toA)?.backwardClock)
        #expect(clock.occurrences.count == 3)
        #expect((3_300...3_600).contains(clock.secondsBehind))
        #expect(clock.isAdvancing)
        pair.simulation.wallOffset += 3_600 * 1_000_000_000
        pair.simulation.run(for: .seconds(6))
        #expect(pair.b.trouble(pair.toA)?.backwardClock == nil)
    }

    @Test("an initiation that is sent again by a stranger does not look like a clock that runs")
    func repeatedInitiation() throws {
        let pair = try Pair()
        let moment = pair.simulation.moment
        let initiation = try #require(pair.a.send(Pair.fromA("x"), at: moment).first)
        for _ in 0..<3 { _ = pair.b.receive(initiation.bytes, from: initiation.from, at: moment) }
        let clock = try #require(pair.b.trouble(pair.toA)?.backwardClock)
        #expect(clock.occurrences.count == 2)
        #expect(clock.secondsBehind == 0)
        #expect(!clock.isAdvancing)
    }

    @Test("a clock that is an hour ahead is told at the first accepted initiation")
    func clockAhead() throws {
        let pair = try Pair()
        let ahead = Moment(
            now: pair.simulation.now,
            wall: WallTime(nanoseconds: pair.simulation.moment.wall.nanoseconds + 3_600_000_000_000)
        )
        let initiation = try #require(pair.a.send(Pair.fromA("x"), at: ahead).first)
        let moment = pair.simulation.moment
        _ = pair.b.receive(initiation.bytes, from: initiation.from, at: moment)
        let offset = try #require(pair.b.trouble(pair.toA)?.clockOffset)
        #expect((3_599...3_600).contains(offset))
    }

    @Test(
        "a move to another port after a silence is told with its length and with both endpoints"
    )
    func moved() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.run(for: .seconds(40))
        let old = pair.a.endpoint
        pair.a.endpoint.port += 1
        pair.sendFromA()
        pair.simulation.settle()
        let moves = try #require(pair.b.trouble(pair.toA)?.moves)
        #expect(moves.occurrences.count == 1)
        #expect(moves.from == old && moves.to == pair.a.endpoint)
        #expect(moves.silence == 40)
        #expect(!moves.followsUnansweredCalls)
        #expect(moves.returns.count == 0)
    }

    @Test(
        "a peer that is heard in turns from two places returns each time, and one that goes on never does"
    )
    func returns() throws {
        let pair = try Pair()
        pair.connect()
        func move(to port: UInt16) {
            pair.a.endpoint.port = port
            pair.sendFromA()
            pair.simulation.settle()
        }
        let first = pair.a.endpoint.port
        for port in [4_001, 4_002, 4_003] { move(to: UInt16(port)) }
        #expect(try #require(pair.b.trouble(pair.toA)?.moves).returns.count == 0)
        for port in [4_002, 4_003, 4_002, first] { move(to: port) }
        let moves = try #require(pair.b.trouble(pair.toA)?.moves)
        #expect(moves.returns.count == 3 && moves.occurrences.count == 7)
    }
}

extension Pair {
    /// From the next handshake on.
    fileprivate func setPresharedKeyOfB() {
        b.engine.installPeer(
            toA,
            on: b.gateway,
            PeerConfiguration(
                publicKey: a.publicKey,
                presharedKey: SecretKey(filledBy: { $0[0] = 1 })
            ),
            at: simulation.moment
        )
    }
}

extension SimulatedNode {
    fileprivate func trouble(_ peer: PeerHandle) -> PeerTrouble? { engine.trouble(of: peer) }

    /// The reports of all workers about peers with new trouble.
    fileprivate func newTroubles() -> [ActivityReport] {
        var reports: [ActivityReport] = []
        engine.collectReports { reports.append($0) }
        for carrier in carriers { carrier.engine.collectReports { reports.append($0) } }
        return reports.filter { $0.newTrouble != nil }
    }
}
