import GatewayDomain
import Testing

@testable import GatewayService

/// Times are seconds after a moment that begins a step of every length.
@Suite("What a series of traffic remembers")
struct TrafficSeriesTests {
    private static let hour: Int64 = 3600
    private static let sixHours = TrafficHistory.longestSeconds

    @Test("what is counted stands in the step of its time, and the step that goes on is left out")
    func steps() {
        var series = TrafficSeries(at: at(0))
        series.add(counts(1), at: at(1))
        series.add(counts(2), at: at(9))
        series.add(counts(4), at: at(10))
        series.add(counts(8), at: at(35))
        let history = series.history(at: at(39))
        #expect(history.since == at(0))
        #expect(history.until == at(30))
        #expect(history.counts.map(\.rxBytes) == [3, 4, 0])
        #expect(series.history(at: at(40)).counts.map(\.rxBytes) == [3, 4, 0, 8])
        #expect(series.history(at: at(40)).counts.map(\.handshakes) == [3, 4, 0, 8])
    }

    @Test("longer steps are sums of the finest, begin at their multiples, and are whole")
    func merged() {
        var series = TrafficSeries(at: at(5))
        for second in stride(from: Int64(5), to: 200, by: 10) {
            series.add(counts(1), at: at(second))
        }
        let history = series.history(TrafficWindow(step: 60), at: at(200))
        #expect(history.step == 60)
        // The first minute was not counted from its beginning.
        #expect(history.since == at(60))
        #expect(history.until == at(180))
        #expect(history.counts.map(\.rxBytes) == [6, 6])
        #expect(history.knownSince == at(5))
    }

    @Test(
        "a history begins where it is asked to, as a time or as a duration, and never before it is known"
    )
    func since() {
        var series = TrafficSeries(at: at(0))
        series.add(counts(1), at: at(95))
        func since(_ start: TrafficWindow.Start) -> Timestamp {
            series.history(TrafficWindow(start: start), at: at(100)).since
        }
        #expect(since(.time(at(45))) == at(40))
        #expect(since(.seconds(30)) == at(70))
        #expect(since(.seconds(.max)) == at(0))
        #expect(since(.time(at(-1000))) == at(0))
        let future = series.history(TrafficWindow(start: .time(at(9999))), at: at(100))
        #expect(future.since == at(100))
        #expect(future.counts.isEmpty)
        let made = series.history(TrafficWindow(), knownSince: at(41), at: at(100))
        #expect(made.since == at(50))
        #expect(made.knownSince == at(41))
    }

    @Test("what is older than six hours is forgotten, and a silent series takes no memory")
    func bounds() {
        var series = TrafficSeries(at: at(0))
        for second in stride(from: Int64(0), to: 3 * Self.sixHours, by: 10) {
            series.add(counts(1), drops: ["no_route": 1], at: at(second))
        }
        let now = at(3 * Self.sixHours)
        let history = series.history(at: now)
        #expect(history.since == now.advanced(bySeconds: -Self.sixHours))
        #expect(history.counts.count == Int(TrafficSeries.mostSteps))
        #expect(history.counts.allSatisfy { $0.rxBytes == 1 })
        let most = Int(TrafficSeries.mostSteps) * 102 / 100
        #expect(series.steps.count <= most && series.drops.count <= most)
        var silent = TrafficSeries(at: at(0))
        for second in 0..<Self.hour { silent.add(TrafficCounts(), at: at(second)) }
        #expect(silent.steps.isEmpty && silent.drops.isEmpty)
        #expect(silent.history(at: at(Self.hour)).counts.count == 360)
    }

    @Test("drops stand by their reasons, and many reasons at once take bounded memory")
    func drops() {
        var series = TrafficSeries(at: at(0))
        series.add(TrafficCounts(), drops: ["no_route": 2, "replayed": 1], at: at(3))
        series.add(TrafficCounts(), drops: ["no_route": 3], at: at(4))
        series.add(TrafficCounts(), drops: ["no_route": 4, "forged": 0], at: at(14))
        #expect(
            series.history(at: at(20)).drops == [
                .init(reason: "no_route", counts: [5, 4]),
                .init(reason: "replayed", counts: [1, 0]),
            ]
        )
        let many = Dictionary(uniqueKeysWithValues: (0..<21).map { ("reason \($0)", UInt64(1)) })
        for second in stride(from: Int64(20), to: Self.sixHours, by: 10) {
            series.add(TrafficCounts(), drops: many, at: at(second))
        }
        #expect(series.drops.count <= 2 * Int(TrafficSeries.mostSteps))
        let last = series.history(TrafficWindow(start: .seconds(10)), at: at(Self.sixHours))
        #expect(last.drops.map(\.counts) == Array(repeating: [1], count: 21))
    }

    @Test(
        "a clock that is set forward leaves a gap, and one that is set far forward leaves nothing"
    )
    func forward() {
        var series = TrafficSeries(at: at(0))
        series.add(counts(1), at: at(5))
        series.add(counts(2), at: at(Self.hour + 5))
        let history = series.history(at: at(Self.hour + 10))
        #expect(history.counts.count == 361)
        #expect(history.counts.first?.rxBytes == 1)
        #expect(history.counts.last?.rxBytes == 2)
        #expect(history.counts.dropFirst().dropLast().allSatisfy { $0 == TrafficCounts() })
        series.add(counts(4), at: at(10 * Self.hour + 5))
        let later = series.history(at: at(10 * Self.hour + 10))
        #expect(later.counts.map(\.rxBytes).reduce(0, +) == 4)
        #expect(later.counts.count == Int(TrafficSeries.mostSteps))
    }

    @Test("a clock that is corrected back by seconds loses nothing and counts nothing twice")
    func correction() {
        var series = TrafficSeries(at: at(0))
        series.add(counts(1), at: at(11))
        series.add(counts(2), at: at(21))
        series.add(counts(4), at: at(15))
        #expect(series.history(at: at(20)).counts.map(\.rxBytes) == [0, 1])
        #expect(series.history(at: at(30)).counts.map(\.rxBytes) == [0, 1, 6])
    }

    @Test("a clock that is set back forgets what it has not reached yet")
    func backward() {
        var series = TrafficSeries(at: at(0))
        series.add(counts(1), drops: ["forged": 1], at: at(5))
        series.add(counts(2), drops: ["forged": 2], at: at(Self.hour))
        series.add(counts(4), at: at(15))
        #expect(series.history(at: at(20)).counts.map(\.rxBytes) == [1, 4])
        let later = series.history(at: at(Self.hour + 10))
        #expect(later.counts.map(\.rxBytes).reduce(0, +) == 5)
        #expect(later.drops.map(\.reason) == ["forged"])
        #expect(later.drops.first?.counts.reduce(0, +) == 1)
        // Behind the time at which it began to count.
        series.add(counts(8), at: at(-Self.hour))
        #expect(series.knownSince == at(-Self.hour))
        #expect(series.history(at: at(-Self.hour + 10)).counts.map(\.rxBytes) == [8])
    }

    @Test("the rate is that of the latest step that has ended, and zero after a silent one")
    func rate() {
        var series = TrafficSeries(at: at(0))
        series.add(counts(50), at: at(5))
        #expect(series.rate(at: at(9)).rxBytes == 0)
        #expect(series.rate(at: at(10)).rxBytes == 5)
        series.add(counts(90), at: at(12))
        #expect(series.rate(at: at(19)).rxBytes == 5)
        #expect(series.rate(at: at(20)).rxBytes == 9)
        #expect(series.rate(at: at(30)).rxBytes == 0)
    }

    private func at(_ second: Int64) -> Timestamp {
        Timestamp(microseconds: 1_728_000_000_000_000).advanced(bySeconds: second)
    }

    private func counts(_ number: UInt64) -> TrafficCounts {
        TrafficCounts(rxBytes: number, handshakes: number)
    }
}

extension TrafficSeries {
    fileprivate func history(
        _ window: TrafficWindow = TrafficWindow(),
        at now: Timestamp
    ) -> TrafficHistory {
        history(window, knownSince: Timestamp(microseconds: 0), at: now)
    }
}
