/// What of a quota was used in one period.
package struct QuotaUse: Equatable, Sendable {
    /// The first hour of the period.
    package var periodStart: UsageHour
    package var bytes: UInt64

    package init(periodStart: UsageHour, bytes: UInt64) {
        self.periodStart = periodStart
        self.bytes = bytes
    }
}

extension MonthlyQuota {
    /// What is used at a moment: nothing yet of a period that has begun since.
    package func use(_ known: QuotaUse?, at time: Timestamp) -> QuotaUse {
        let start = period(at: time).lowerBound
        guard let known, known.periodStart >= start else {
            return QuotaUse(periodStart: start, bytes: 0)
        }
        return known
    }

    /// With what was counted since. An hour of a later period begins that, and those of earlier ones count no more.
    package func adding(_ usage: HourlyUsage, to known: QuotaUse?) -> QuotaUse? {
        var use = known
        for entry in usage.entries.sorted(by: { $0.hour < $1.hour }) {
            var next = self.use(use, at: entry.hour.start)
            guard entry.hour >= next.periodStart else { continue }
            next.bytes.count(entry.counts.rxBytes)
            next.bytes.count(entry.counts.txBytes)
            use = next
        }
        return use
    }

    /// Which of two that are known knows more. One of another division into months knows nothing.
    package func further(_ one: QuotaUse?, _ other: QuotaUse?) -> QuotaUse? {
        let known = [one, other].compactMap(\.self).filter { use in
            period(at: use.periodStart.start).lowerBound == use.periodStart
        }
        return known.max { ($0.periodStart, $0.bytes) < ($1.periodStart, $1.bytes) }
    }

    package func left(behind use: QuotaUse) -> UInt64 {
        bytes > use.bytes ? bytes - use.bytes : 0
    }
}
