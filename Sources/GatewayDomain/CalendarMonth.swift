/// A month of the calendar in UTC, written like `2026-11`.
package struct CalendarMonth: Hashable, Comparable, Sendable {
    package let year: Int64
    package let month: Int64

    private init(year: Int64, month: Int64) {
        self.year = year
        self.month = month
    }

    /// The month in which a moment lies.
    package init(of time: Timestamp) {
        let date = Timestamp.civil(Timestamp.day(of: time))
        self.init(year: date.year, month: date.month)
    }

    package var start: Timestamp {
        Timestamp(microseconds: Timestamp.days(year, month, 1) * 86_400_000_000)
    }

    package var next: CalendarMonth {
        month == 12
            ? CalendarMonth(year: year + 1, month: 1)
            : CalendarMonth(year: year, month: month + 1)
    }

    package static func < (left: CalendarMonth, right: CalendarMonth) -> Bool {
        (left.year, left.month) < (right.year, right.month)
    }

    package var hours: Range<UsageHour> { UsageHour(of: start)..<UsageHour(of: next.start) }
}

extension CalendarMonth: LosslessStringConvertible {
    package var description: String { String("\(start)".prefix(7)) }

    package init?(_ text: String) {
        guard text.utf8.count == 7, let time = Timestamp("\(text)-01T00:00:00Z"),
            Timestamp.ofCalendars.contains(time)
        else { return nil }
        self.init(of: time)
    }
}
