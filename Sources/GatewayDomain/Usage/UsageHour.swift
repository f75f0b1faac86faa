/// An hour of UTC, in which usage is counted: the number of whole hours between 1970 and its beginning.
package struct UsageHour: Hashable, Comparable, Sendable {
    package static let inDay: Int64 = 24
    /// Those of the years in which a calendar can write times.
    package static let ofCalendars =
        UsageHour(
            of: Timestamp.ofCalendars.lowerBound
        )...UsageHour(
            of: Timestamp.ofCalendars.upperBound
        )
    private static let microseconds: Int64 = 3_600_000_000

    package let number: Int64

    package init(number: Int64) {
        self.number = number
    }

    /// The hour in which a moment lies.
    package init(of time: Timestamp) {
        let (quotient, remainder) =
            time.microseconds.quotientAndRemainder(dividingBy: Self.microseconds)
        number = remainder < 0 ? quotient - 1 : quotient
    }

    package var start: Timestamp { Timestamp(microseconds: number * Self.microseconds) }

    package func advanced(by hours: Int64) -> UsageHour { UsageHour(number: number + hours) }

    package static func < (left: UsageHour, right: UsageHour) -> Bool { left.number < right.number }

    /// The same by a clock that was ahead by that many microseconds of the one that named the hour. An hour is
    /// known by its middle: a clock that is wrong by minutes changes nothing.
    package func setBack(byMicroseconds ahead: Int64) -> UsageHour {
        let middle = start.microseconds + Self.microseconds / 2
        return UsageHour(of: Timestamp(microseconds: middle &- ahead))
    }
}
