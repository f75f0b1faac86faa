/// How long things took, in nanoseconds, in buckets whose width is 1/64 of their value: memory does
/// not grow, and a percentile is right to 1.6 percent.
package struct LatencyHistogram {
    private static let stepBits = 6
    private static let steps = 1 << stepBits
    /// Over an hour; anything longer is counted there.
    private static let maximum: UInt64 = (1 << 42) - 1

    private var counts: [UInt64]
    package private(set) var count: UInt64 = 0

    package init() {
        counts = Array(repeating: 0, count: Self.bucket(of: Self.maximum) + 1)
    }

    package mutating func record(_ nanoseconds: UInt64) {
        counts[Self.bucket(of: min(nanoseconds, Self.maximum))] += 1
        count += 1
    }

    package mutating func clear() {
        for bucket in counts.indices { counts[bucket] = 0 }
        count = 0
    }

    /// The value that this share of all values does not exceed; nil when nothing was recorded.
    package func percentile(_ share: Double) -> UInt64? {
        guard count > 0 else { return nil }
        let rank = max(UInt64((share * Double(count)).rounded(.up)), 1)
        var seen: UInt64 = 0
        for bucket in counts.indices {
            seen += counts[bucket]
            if seen >= rank { return Self.middle(of: bucket) }
        }
        return Self.maximum
    }

    /// Values below `2 * steps` have a bucket each; above, every doubling has `steps` buckets.
    private static func bucket(of value: UInt64) -> Int {
        let shift = max(63 - max(value, 1).leadingZeroBitCount - stepBits, 0)
        return shift * steps + Int(value >> UInt64(shift))
    }

    private static func middle(of bucket: Int) -> UInt64 {
        let shift = max(bucket / steps - 1, 0)
        let first = UInt64(bucket - shift * steps) << UInt64(shift)
        return first + (1 << UInt64(shift)) / 2
    }
}

/// The percentiles that are reported, in microseconds.
package struct LatencySummary: Equatable, Sendable {
    package let p50: Double
    package let p90: Double
    package let p99: Double
    package let p999: Double

    /// Nil when nothing was measured.
    package init?(_ histogram: LatencyHistogram) {
        func microseconds(_ share: Double) -> Double? {
            histogram.percentile(share).map { Double($0) / 1000 }
        }
        guard let p50 = microseconds(0.5), let p90 = microseconds(0.9),
            let p99 = microseconds(0.99), let p999 = microseconds(0.999)
        else { return nil }
        (self.p50, self.p90, self.p99, self.p999) = (p50, p90, p99, p999)
    }
}
