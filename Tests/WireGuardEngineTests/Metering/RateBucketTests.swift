import Testing

@testable import WireGuardEngine

@Suite("A token bucket of bytes")
struct RateBucketTests {
    private static let start = Instant(nanoseconds: 1_000_000_000_000)

    private static func after(_ nanoseconds: Double) -> Instant {
        start + Interval(nanoseconds: UInt64(nanoseconds))
    }

    @Test(
        "lets through its rate to a thousandth, whatever the size of packets",
        arguments: [1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000] as [UInt64],
        [64, 1420, 9000]
    )
    func rate(rate: UInt64, length: Int) {
        var bucket = RateBucket(rate: rate)
        while bucket.take(length, at: Self.start) != .exceeds {}
        // Three times as much as may pass.
        let gap = Double(length) * 8e9 / Double(rate) / 3
        var passed = 0
        let count = 30_000
        for number in 1...count
        where bucket.take(length, at: Self.after(gap * Double(number))) != .exceeds {
            passed += 1
        }
        #expect(abs(Double(passed) * 3 / Double(count) - 1) < 0.001)
    }

    @Test(
        "holds a quarter of a second, and at small rates 32 KiB",
        arguments: [(8_000, 32_768), (1_000_000, 32_768), (100_000_000, 3_125_000)]
            as [(UInt64, Int)]
    )
    func burst(rate: UInt64, bytes: Int) {
        var bucket = RateBucket(rate: rate)
        var passed = 0
        while bucket.take(512, at: Self.start) != .exceeds { passed += 512 }
        #expect(abs(passed - bytes) <= 512)
        // Full again, and no fuller, after a day.
        let later = Self.start + .seconds(86_400)
        var again = 0
        while bucket.take(512, at: later) != .exceeds { again += 512 }
        #expect(again == passed)
    }

    @Test("marks packets while less than an eighth of it is left")
    func marks() {
        var bucket = RateBucket(rate: 8_000_000)
        // 250 000 bytes.
        for _ in 0..<218 { #expect(bucket.take(1000, at: Self.start) == .passes) }
        for _ in 219..<250 {
            _ = bucket.take(1000, at: Self.start)
        }
        #expect(bucket.take(1000, at: Self.start) == .passesMarked)
        #expect(bucket.take(1000, at: Self.start) == .exceeds)
    }

    @Test("a packet larger than what it holds passes when nothing is owed")
    func largePacket() {
        var bucket = RateBucket(rate: 8_000)
        #expect(bucket.take(65_000, at: Self.start) != .exceeds)
        #expect(bucket.take(64, at: Self.start) == .exceeds)
        #expect(bucket.take(64, at: Self.start + .seconds(60)) != .exceeds)
    }

    @Test("workers whose clocks differ by a millisecond get no more from it than one")
    func severalWorkers() {
        var bucket = RateBucket(rate: 100_000_000)
        while bucket.take(1420, at: Self.start) != .exceeds {}
        let gap = 1420 * 8e9 / 100_000_000 / 3
        var passed = 0
        for number in 0..<90_000 {
            let skew = Double(number % 3) * 500_000
            let now = Self.after(10_000_000 + gap * Double(number) - skew)
            if bucket.take(1420, at: now) != .exceeds { passed += 1 }
        }
        #expect(abs(Double(passed) / 30_000 - 1) < 0.005)
    }

    @Test("a clock that steps back, or far ahead, costs and gives one burst at most")
    func clockSteps() {
        var bucket = RateBucket(rate: 8_000_000)
        while bucket.take(1000, at: Self.start) != .exceeds {}
        let before = Instant(nanoseconds: Self.start.nanoseconds - 500_000_000_000)
        #expect(bucket.take(1000, at: before) == .exceeds)
        // From there on it fills as before.
        #expect(bucket.take(1000, at: before + .milliseconds(2)) != .exceeds)
        var passed = 0
        while bucket.take(1000, at: Self.start + .seconds(1_000_000)) != .exceeds { passed += 1 }
        #expect(passed == 250)
    }

    @Test("another rate fills nothing up")
    func change() {
        var bucket = RateBucket(rate: 8_000_000)
        while bucket.take(1000, at: Self.start) != .exceeds {}
        bucket.change(to: 16_000_000)
        #expect(bucket.take(1000, at: Self.start) == .exceeds)
        #expect(bucket.take(1000, at: Self.start + .milliseconds(1)) != .exceeds)
    }
}
