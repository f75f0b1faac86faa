import Testing

@testable import WireGuardEngine

@Suite("Handshakes are retried with jitter and given up, whitepaper section 6.4")
struct HandshakeRetryTests {
    @Test("initiations are retried after REKEY_TIMEOUT and a random part of a third of a second")
    func jitter() throws {
        let pair = try Pair()
        pair.simulation.passes = { _ in false }
        pair.sendFromA()
        pair.simulation.run(for: .seconds(80))
        let times = pair.initiationsOfA()
        let pauses = zip(times, times.dropFirst()).map { $1.nanoseconds - $0.nanoseconds }
        #expect(pauses.count >= 14)
        #expect(pauses.allSatisfy { (5_000_000_000..<5_333_000_000).contains($0) })
        #expect(Set(pauses).count == pauses.count)
    }

    @Test("initiations end after REKEY_ATTEMPT_TIME (90 s), and new traffic starts them again")
    func giveUp() throws {
        let pair = try Pair()
        pair.simulation.passes = { _ in false }
        pair.sendFromA("given up")
        pair.simulation.run(for: .seconds(400))
        let last = try #require(pair.initiationsOfA().last)
        #expect(last.seconds > 80 && last.seconds < 95)
        #expect(pair.a.drops(.stagingFull) == 1)
        #expect(try pair.a.record(pair.toB).pointee.active == nil)

        pair.simulation.passes = { _ in true }
        pair.sendFromA("later")
        pair.simulation.settle()
        #expect(pair.textsAtB == ["later"])
    }

    @Test("REKEY_TIMEOUT (5 s) lies between initiations however often a session is asked for")
    func rekeyTimeout() throws {
        let pair = try Pair()
        pair.simulation.passes = { $0.kind != .transport }
        for _ in 0..<300 {
            pair.sendFromA()
            pair.simulation.run(for: .milliseconds(100))
        }
        let times = pair.initiationsOfA()
        #expect(times.count >= 2)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1.seconds - $0.seconds >= 5 })
    }

    @Test("a lost initiation and a lost response cost a retry and no packet")
    func lostMessages() throws {
        for lost in [MessageKind.initiation, .response] {
            let pair = try Pair()
            var remaining = 1
            pair.simulation.passes = { datagram in
                guard datagram.kind == lost, remaining > 0 else { return true }
                remaining -= 1
                return false
            }
            pair.sendFromA("kept")
            pair.simulation.run(for: .seconds(6))
            #expect(pair.textsAtB == ["kept"])
            #expect(pair.initiationsOfA().count == 2)
        }
    }

    @Test("a new handshake starts 15 s after data that was not answered")
    func unansweredData() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.run(until: .seconds(20))
        let silent = pair.b.endpoint
        pair.simulation.passes = { $0.from != silent }
        pair.sendFromA()
        pair.simulation.run(for: .seconds(5))
        // A later packet does not move the moment.
        pair.sendFromA()
        pair.simulation.run(for: .seconds(11))
        let time = try #require(pair.initiationsOfA().first)
        #expect(time.seconds >= 35 && time.seconds < 35.334)
    }

    @Test("an unanswered keepalive starts no handshake")
    func unansweredKeepalive() throws {
        let pair = try Pair(keepaliveOfA: 25)
        pair.simulation.run(for: .seconds(1))
        pair.forget()
        pair.simulation.run(for: .seconds(109))
        #expect(pair.simulation.times { $0.isKeepalive }.count == 4)
        #expect(pair.initiationsOfA().isEmpty)
    }

    @Test("two sides that initiate at the same time end with sessions that fit each other")
    func simultaneous() throws {
        let pair = try Pair()
        pair.sendFromA("to B")
        pair.sendFromB("to A")
        pair.simulation.run(for: .seconds(20))
        #expect(pair.textsAtA == ["to A"] && pair.textsAtB == ["to B"])
        for number in 0..<30 {
            pair.sendFromA("\(number)")
            pair.sendFromB("\(number)")
            pair.simulation.run(for: .seconds(15))
        }
        #expect(pair.textsAtA.count == 31 && pair.textsAtB.count == 31)
    }

    @Test(
        "a handshake that is under way when old keys are erased still delivers the waiting packets"
    )
    func erasureDuringHandshake() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.passes = { _ in false }
        pair.simulation.run(until: .seconds(500))
        pair.sendFromA("waited")
        pair.simulation.run(until: .seconds(545))
        pair.simulation.passes = { _ in true }
        pair.simulation.run(until: .seconds(560))
        #expect(pair.textsAtB == ["waited"])
    }
}
