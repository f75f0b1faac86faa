import TestSupport
import Testing

@testable import Topology

struct LaneHealthTests {
    @Test("a new lane is good with its first answer")
    func newLane() {
        var lane = Lane()
        lane.run(seconds: 1) { _ in false }
        #expect(lane.health.condition == .untried)
        lane.run(seconds: 1) { _ in true }
        #expect(lane.health.condition == .good)
    }

    @Test("a lane that never answers is dead, and good at once when it does")
    func lateLane() {
        var lane = Lane()
        lane.run(seconds: 30) { _ in false }
        #expect(lane.health.condition == .dead)
        #expect(!lane.health.hasAnswered)
        lane.run(seconds: 1) { _ in true }
        #expect(lane.health.condition == .good)
    }

    @Test("a lane is dead three seconds after its last answer at the latest")
    func death() {
        for delay in stride(from: 0, through: 900, by: 50) {
            var lane = Lane()
            lane.run(seconds: 5) { _ in true }
            lane.skip(milliseconds: delay)
            lane.run(milliseconds: 3_000 - delay) { _ in false }
            #expect(lane.health.condition == .dead, "delay \(delay)")
        }
    }

    @Test("one probe that is lost kills no lane")
    func oneLoss() {
        var lane = Lane()
        lane.run(seconds: 120) { probe in !probe.isMultiple(of: 3) }
        #expect(lane.health.condition == .good)
        #expect(lane.deaths == 0)
        let loss = lane.health.lossPercent ?? 0
        #expect(loss > 25 && loss < 40)
    }

    @Test("a dead lane is trusted after ten seconds of answers")
    func recovery() {
        var lane = Lane()
        lane.run(seconds: 5) { _ in true }
        lane.run(seconds: 5) { _ in false }
        lane.run(seconds: 9) { _ in true }
        #expect(lane.health.condition == .dead)
        #expect(lane.health.isAnswering)
        lane.run(seconds: 3) { _ in true }
        #expect(lane.health.condition == .good)
    }

    @Test("a lane whose trial is broken off begins it anew")
    func brokenTrial() {
        var lane = Lane()
        lane.run(seconds: 5) { _ in true }
        lane.run(seconds: 5) { _ in false }
        for _ in 0..<5 {
            lane.run(seconds: 8) { _ in true }
            lane.run(seconds: 4) { _ in false }
            #expect(lane.health.condition == .dead)
        }
    }

    @Test("a lane that sends no probes is not thought dead")
    func noProbes() {
        var lane = Lane()
        lane.run(seconds: 5) { _ in true }
        lane.skip(milliseconds: 60_000)
        lane.note()
        #expect(lane.health.condition == .good)
    }

    @Test("a lane that counts from zero again keeps what is known of it")
    func countersBeginAnew() {
        var lane = Lane()
        lane.run(seconds: 20) { _ in true }
        lane.counts = ProbeCounts()
        lane.note()
        #expect(lane.health.condition == .good)
        lane.run(seconds: 4) { _ in false }
        #expect(lane.health.condition == .dead)
    }

    @Test("the round trip follows the answers, and one odd answer hardly moves it")
    func roundTrip() throws {
        var lane = Lane()
        lane.counts.roundTrip = .milliseconds(40)
        lane.run(seconds: 20) { _ in true }
        lane.counts.roundTrip = .milliseconds(120)
        lane.run(seconds: 1) { _ in true }
        #expect(try #require(lane.health.roundTrip) == .milliseconds(60))
    }
}

/// A lane that is probed once a second and looked at four times a second.
private struct Lane {
    var health = LaneHealth()
    var counts = ProbeCounts()
    private(set) var deaths = 0
    private var now = Duration.zero
    private var nextProbe = Duration.zero

    mutating func run(
        seconds: Int = 0,
        milliseconds: Int = 0,
        _ isAnswered: (UInt64) -> Bool
    ) {
        let end = now + .seconds(seconds) + .milliseconds(milliseconds)
        while now < end {
            if now >= nextProbe {
                counts.sent += 1
                nextProbe = now + .seconds(1)
                if isAnswered(counts.sent) { counts.answered += 1 }
            }
            note()
            now += .milliseconds(50)
        }
        note()
    }

    mutating func skip(milliseconds: Int) { now += .milliseconds(milliseconds) }

    mutating func note() {
        let before = health.condition
        health.note(counts, at: now)
        if before == .good, health.condition == .dead { deaths += 1 }
    }
}
