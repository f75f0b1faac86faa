import Testing

@testable import WireGuardEngine

@Suite("Clocks that jump do no harm")
struct ClockTests {
    @Test("the TAI64N of initiations only goes forward although the wall clock jumps back")
    func wallClockBack() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.wallOffset -= 3600 * 1_000_000_000
        pair.simulation.run(until: .seconds(200))
        pair.sendFromA("after the jump")
        pair.simulation.settle()
        #expect(pair.textsAtB == ["after the jump"])
        #expect(pair.b.drops(.staleInitiation) == 0)
    }

    @Test("the ends of the wall clock's range do not trap the engine")
    func wallClockAtItsEnds() throws {
        for wall in [UInt64.min, 1, UInt64.max] {
            let pair = try Pair()
            let moment = Moment(
                now: pair.simulation.now,
                wall: WallTime(nanoseconds: wall)
            )
            let initiation = try #require(pair.a.send(Pair.fromA("x"), at: moment).first)
            let response = pair.b.receive(initiation.bytes, from: initiation.from, at: moment)
            #expect(response.map(\.kind) == [.response])
        }
    }

    @Test("a monotonic clock that goes backwards does not trap the engine, and traffic resumes")
    func monotonicClockBack() throws {
        let pair = try Pair(keepaliveOfA: 25)
        pair.connect()
        pair.simulation.run(until: .seconds(100))
        for step in 1...20 {
            pair.simulation.jump(to: Instant(nanoseconds: 990_000_000_000 - UInt64(step)))
            let moment = pair.simulation.moment
            let sent = pair.a.send(Pair.fromA("\(step)"), at: moment)
            for datagram in sent {
                _ = pair.b.receive(datagram.bytes, from: datagram.from, at: moment)
            }
            _ = pair.a.fireTimers(at: moment)
            _ = pair.b.fireTimers(at: moment)
            pair.a.engine.initiateHandshake(
                with: pair.toB,
                in: &pair.a[turnAt: moment]
            )
            _ = pair.a.flush()
        }
        #expect(pair.textsAtB == (1...20).map(String.init))
        pair.simulation.run(for: .seconds(400))
        pair.forget()
        pair.sendFromA("again")
        pair.simulation.settle()
        #expect(pair.textsAtB == ["again"])
    }

    @Test("a limit that was used up before the monotonic clock went back is refilled later")
    func bucketAfterClockBack() {
        var bucket = TokenBucket()
        let late = Instant(nanoseconds: 3_600_000_000_000)
        for _ in 0..<64 { _ = bucket.take(at: late, every: .milliseconds(1), burst: 64) }
        let early = Instant(nanoseconds: 1_000_000_000)
        _ = bucket.take(at: early, every: .milliseconds(1), burst: 64)
        let isWithinLimit = bucket.take(at: early + .seconds(1), every: .milliseconds(1), burst: 64)
        #expect(isWithinLimit)
    }

    @Test("an engine that is woken late fires each timer once and asks for a moment to come")
    func lateWake() throws {
        let pair = try Pair(keepaliveOfA: 25)
        pair.connect()
        pair.simulation.jump(to: pair.simulation.now + .seconds(86_400))
        let datagrams = pair.a.fireTimers(at: pair.simulation.moment)
        #expect(datagrams.filter { $0.kind == .initiation }.count == 1)
        #expect(try #require(pair.a.nextDeadline) > pair.simulation.now)
    }
}
