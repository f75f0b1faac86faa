import Testing

@testable import LoadGenerator

struct LatencyHistogramTests {
    @Test("a latency histogram without values has no percentile")
    func empty() {
        #expect(LatencyHistogram().percentile(0.5) == nil)
        #expect(LatencySummary(LatencyHistogram()) == nil)
    }

    @Test("a percentile of latencies is right to 1.6 percent, from nanoseconds to minutes")
    func precision() throws {
        for unit: UInt64 in [1, 1_000, 1_000_000, 100_000_000] {
            var histogram = LatencyHistogram()
            for value in 1...1000 as ClosedRange<UInt64> { histogram.record(value * unit) }
            for share in [0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1] {
                let exact = share * 1000 * Double(unit)
                let found = Double(try #require(histogram.percentile(share)))
                #expect(abs(found - exact) <= max(exact * 0.016, 1), "\(share) of \(unit)")
            }
        }
    }

    @Test("a single outlier of latencies is in the highest percentile and in no other")
    func outlier() throws {
        var histogram = LatencyHistogram()
        for _ in 0..<999 { histogram.record(50) }
        histogram.record(1_000_000)
        #expect(histogram.percentile(0.999) == 50)
        #expect(try #require(histogram.percentile(1)) > 980_000)
    }

    @Test("a latency beyond all bounds is counted as the largest")
    func overflow() throws {
        var histogram = LatencyHistogram()
        histogram.record(.max)
        histogram.record(0)
        #expect(histogram.count == 2)
        #expect(histogram.percentile(0.5) == 0)
        #expect(try #require(histogram.percentile(1)) > 3_600_000_000_000)
    }

    @Test("a latency histogram that is cleared starts again")
    func clear() {
        var histogram = LatencyHistogram()
        histogram.record(7)
        histogram.clear()
        histogram.record(9)
        #expect(histogram.count == 1)
        #expect(histogram.percentile(0.5) == 9)
    }
}
