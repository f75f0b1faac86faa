import GatewayDomain
import Testing

struct CalendarMonthTests {
    @Test(
        "a month begins where the one before it ends, and is written as it is read",
        arguments: [
            ("2026-01", "2026-02", 744), ("2026-02", "2026-03", 672), ("2028-02", "2028-03", 696),
            ("2026-12", "2027-01", 744), ("1970-01", "1970-02", 744),
        ]
    )
    func months(text: String, next: String, hours: Int) throws {
        let month = try #require(CalendarMonth(text))
        #expect(month.description == text && month.next.description == next)
        #expect(month.hours.upperBound.number - month.hours.lowerBound.number == Int64(hours))
        #expect(month.start.description == "\(text)-01T00:00:00.000000Z")
        #expect(CalendarMonth(of: month.next.start.advanced(bySeconds: -1)) == month)
        #expect(CalendarMonth(of: month.start) == month)
    }

    @Test(
        "what is no month is not read as one",
        arguments: ["2026", "2026-13", "2026-00", "2026-1", "1969-12", "26-01-01", "", "２026-1"]
    )
    func others(text: String) {
        #expect(CalendarMonth(text) == nil)
    }

    @Test("an hour by a clock that is wrong is known by its middle")
    func wrongClock() {
        let hour = UsageHour(number: 500_000)
        #expect(hour.setBack(byMicroseconds: 0) == hour)
        #expect(hour.setBack(byMicroseconds: 29 * 60_000_000) == hour)
        #expect(hour.setBack(byMicroseconds: 31 * 60_000_000) == hour.advanced(by: -1))
        #expect(hour.setBack(byMicroseconds: -31 * 60_000_000) == hour.advanced(by: 1))
        #expect(UsageHour(of: hour.start) == hour)
        #expect(UsageHour(of: hour.start.advanced(bySeconds: -1)) == hour.advanced(by: -1))
    }
}
