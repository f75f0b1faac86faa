/// A moment in UTC. Leap seconds do not exist here, as in POSIX time.
package struct Timestamp: Hashable, Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package let microseconds: Int64

    /// After every moment that a request can name.
    package static let distantFuture = Timestamp(microseconds: .max)

    /// What a clock can say: 1970 to 9999.
    package static let ofCalendars =
        Timestamp(microseconds: 0)...Timestamp(microseconds: 253_402_300_799_999_999)

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// The last or the first moment there is, where it would be beyond.
    package func advanced(bySeconds seconds: Int64) -> Timestamp {
        let (span, isLong) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, isFar) = microseconds.addingReportingOverflow(span)
        return Timestamp(microseconds: isLong || isFar ? (seconds < 0 ? .min : .max) : sum)
    }
}

extension Timestamp: Comparable {
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }
}

extension Timestamp: CustomStringConvertible {
    /// `2024-08-07T15:29:52.068774Z`
    package var description: String {
        let (seconds, fraction) = Self.divide(microseconds, by: 1_000_000)
        let (days, second) = Self.divide(seconds, by: 86_400)
        let (year, month, day) = Self.civil(days)
        return String(unsafeUninitializedCapacity: 32) { text in
            var writer = DigitWriter(text: text)
            writer.write(year, width: 4, then: "-")
            writer.write(month, width: 2, then: "-")
            writer.write(day, width: 2, then: "T")
            writer.write(second / 3_600, width: 2, then: ":")
            writer.write(second / 60 % 60, width: 2, then: ":")
            writer.write(second % 60, width: 2, then: ".")
            writer.write(fraction, width: 6, then: "Z")
            return writer.count
        }
    }

    /// Reads what RFC 3339 section 5.6 calls `date-time`, of any offset. Nil where there is no such
    /// moment, or none in the years 0000 to 9999 of UTC, which is all that can be written again.
    package init?(_ text: String) {
        guard let read = DateTimeReader.read(text) else { return nil }
        let days = Self.days(read.year, read.month, read.day)
        guard Self.civil(days) == (read.year, read.month, read.day) else { return nil }
        let minutes = days * 1_440 + read.hour * 60 + read.minute - read.offsetMinutes
        let seconds = minutes * 60 + read.second
        // Section 5.7: a leap second ends the last minute of a month in UTC. Its moment is the one
        // that follows, as in POSIX time.
        if read.second == 60 {
            let (day, secondOfDay) = Self.divide(seconds, by: 86_400)
            guard secondOfDay == 0, Self.civil(day).day == 1 else { return nil }
        }
        guard Self.writableSeconds.contains(seconds) else { return nil }
        self.init(microseconds: seconds * 1_000_000 + read.microsecond)
    }

    private static let writableSeconds =
        days(0, 1, 1) * 86_400..<days(10_000, 1, 1) * 86_400

    /// The inverse of `civil`.
    static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let (era, yearOfEra) = divide(month <= 2 ? year - 1 : year, by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    /// The Gregorian date of a day counted from 1970-01-01. Years start in March here, so that
    /// the leap day is the last of its year; an era is the 146 097 days of 400 years.
    static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, day) = divide(days + 719_468, by: 146_097)
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let dayOfMonth = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        return (year + era * 400 + (month <= 2 ? 1 : 0), month, dayOfMonth)
    }

    /// The number of the day in which a moment lies, counted from 1970-01-01.
    static func day(of time: Timestamp) -> Int64 { divide(time.microseconds, by: 86_400_000_000).0 }

    /// Rounds down, so that moments before 1970 have a remainder that is not negative.
    private static func divide(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

/// Numbers with leading zeros, and what separates them. Every answer has some of these.
private struct DigitWriter {
    let text: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(text: UnsafeMutableBufferPointer<UInt8>) {
        self.text = text
    }

    /// A number that is too wide for its place, like the year 10 000, is cut to its last digits.
    mutating func write(_ value: Int64, width: Int, then separator: Unicode.Scalar) {
        var rest = value.magnitude
        for index in (count..<count + width).reversed() {
            text[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        count += width
        text[count] = UInt8(ascii: separator)
        count += 1
    }
}
