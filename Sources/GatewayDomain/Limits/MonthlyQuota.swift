/// How much may be used in a month, both ways together.
package struct MonthlyQuota: Equatable, Sendable {
    package enum Action: Equatable, Sendable {
        /// Nothing but events.
        case warn
        /// To that many bits per second in each direction.
        case throttle(UInt64)
        /// No packet passes until the next period.
        case block

        /// Without the rate.
        package enum QuotaActionKind: String, CaseIterable, Sendable {
            case warn, throttle, block
        }

        package var kind: QuotaActionKind {
            switch self {
            case .warn: .warn
            case .throttle: .throttle
            case .block: .block
            }
        }

        /// Nil where packets are not throttled.
        package var throttleRate: UInt64? {
            if case .throttle(let rate) = self { rate } else { nil }
        }
    }

    /// Every month has these days.
    package static let resetDays = 1...28
    package static let sizes: ClosedRange<UInt64> = 1_000_000...1_000_000_000_000_000

    package var bytes: UInt64
    /// What happens when they are used up.
    package var action: Action
    /// The day of the month with whose beginning, in UTC, a new period begins.
    package var resetDay: Int

    package init(bytes: UInt64, action: Action, resetDay: Int = 1) {
        self.bytes = bytes
        self.action = action
        self.resetDay = resetDay
    }

    /// The hours of the period in which a moment lies.
    package func period(at time: Timestamp) -> Range<UsageHour> {
        let days = Int64(resetDay - 1)
        // The month whose first day is as many days before the moment.
        let month = CalendarMonth(of: time.advanced(bySeconds: -days * 86_400))
        func begin(_ month: CalendarMonth) -> UsageHour {
            UsageHour(of: month.start).advanced(by: days * UsageHour.inDay)
        }
        return begin(month)..<begin(month.next)
    }
}

/// Limits as a node is told them.
package struct LimitProvision: Equatable, Sendable {
    package let limits: UsageLimits
    /// What of the quota was used when this was said; nil without a quota.
    package var use: QuotaUse?

    package init(limits: UsageLimits, use: QuotaUse? = nil) {
        self.limits = limits
        self.use = use
    }
}
