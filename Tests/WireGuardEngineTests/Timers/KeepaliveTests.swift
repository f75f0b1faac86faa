import Testing

@testable import WireGuardEngine

@Suite("Keepalives, whitepaper section 6.5")
struct KeepaliveTests {
    @Test("a passive keepalive is sent only after data, timed from its receipt")
    func passive() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.run(until: .seconds(30))
        pair.forget()
        pair.sendFromA()
        pair.simulation.run(until: .seconds(50))
        // Received 10 ms after it was sent, and KEEPALIVE_TIMEOUT later.
        #expect(pair.simulation.times { $0.isKeepalive } == [.milliseconds(40_010)])
    }

    @Test("a keepalive is never answered by a keepalive")
    func noAnswer() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.run(until: .seconds(30))
        pair.forget()
        pair.sendFromA()
        pair.simulation.run(until: .seconds(110))
        #expect(pair.simulation.times { $0.isKeepalive }.count == 1)
    }

    @Test("data in the other direction takes the place of a passive keepalive")
    func answeredByData() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.run(until: .seconds(30))
        pair.forget()
        pair.sendFromA()
        pair.simulation.run(for: .seconds(5))
        pair.sendFromB()
        pair.simulation.run(for: .seconds(9))
        #expect(pair.simulation.times { pair.isFromB($0) && $0.isKeepalive }.isEmpty)
        pair.simulation.run(for: .seconds(2))
        // A received data and has not answered.
        #expect(pair.simulation.times { pair.isFromA($0) && $0.isKeepalive }.count == 1)
    }

    @Test("data that came while a keepalive was owed is answered by another one, 10 s after it")
    func owedAgain() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.run(until: .seconds(30))
        pair.forget()
        pair.sendFromA()
        pair.simulation.run(until: .seconds(35))
        pair.sendFromA()
        pair.simulation.run(until: .seconds(90))
        let expected = [Interval.milliseconds(40_010), .milliseconds(50_010)]
        #expect(pair.simulation.times { $0.isKeepalive } == expected)
    }

    @Test("data that goes on arriving is answered by a keepalive every 10 s")
    func oneDirection() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.run(until: .seconds(30))
        pair.forget()
        for _ in 0..<400 {
            pair.sendFromA()
            pair.simulation.run(for: .milliseconds(100))
        }
        let times = pair.simulation.times { $0.isKeepalive }
        #expect((3...4).contains(times.count))
        #expect(zip(times, times.dropFirst()).allSatisfy { $1.seconds - $0.seconds >= 10 })
        #expect(pair.initiationsOfA().isEmpty)
    }

    @Test("a persistent keepalive comes at its interval after the last traffic, without any data")
    func persistent() throws {
        let pair = try Pair(keepaliveOfA: 25)
        pair.simulation.run(for: .seconds(1))
        pair.forget()
        pair.simulation.run(until: .seconds(110))
        let times = pair.simulation.times { pair.isFromA($0) && $0.isKeepalive }
        #expect(times.count == 4)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 + .seconds(25) == $1 })
    }

    @Test("persistent keepalives keep a session alive over hours without any data")
    func persistentForHours() throws {
        let pair = try Pair(keepaliveOfA: 25)
        pair.simulation.run(for: .seconds(7200))
        pair.forget()
        pair.sendFromB("still here")
        pair.simulation.run(for: .milliseconds(15))
        #expect(pair.textsAtA == ["still here"])
    }

    @Test("persistent keepalives start as soon as a peer without an endpoint is heard")
    func persistentTowardsUnknownEndpoint() throws {
        let pair = try Pair(keepaliveOfB: 20, bKnowsEndpoint: false)
        pair.simulation.run(for: .seconds(60))
        #expect(pair.simulation.log.isEmpty)
        // Without data, which would arm other timers.
        pair.a.engine.initiateHandshake(
            with: pair.toB,
            in: &pair.a[turnAt: pair.simulation.moment]
        )
        pair.simulation.transmit(pair.a.flush())
        pair.simulation.run(until: .seconds(119))
        #expect(pair.simulation.times { pair.isFromB($0) && $0.isKeepalive }.count >= 2)
    }

    @Test("persistent keepalives go on trying a peer that is away, without end")
    func persistentWhileAway() throws {
        let pair = try Pair(keepaliveOfA: 25)
        pair.simulation.passes = { _ in false }
        pair.simulation.run(until: .seconds(1200))
        pair.simulation.passes = { _ in true }
        pair.simulation.run(for: .seconds(40))
        pair.forget()
        pair.sendFromB("back")
        pair.simulation.run(for: .milliseconds(15))
        #expect(pair.textsAtA == ["back"])
    }
}
