import GatewayDomain
import Testing

struct TimestampTests {
    @Test(
        "a timestamp is written in UTC with six digits",
        arguments: [
            (1_723_044_592_068_774, "2024-08-07T15:29:52.068774Z"),
            (0, "1970-01-01T00:00:00.000000Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
            (951_868_800_000_001, "2000-03-01T00:00:00.000001Z"),
            (4_107_542_399_000_000, "2100-02-28T23:59:59.000000Z"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
            (1_735_689_599_500_000, "2024-12-31T23:59:59.500000Z"),
        ] as [(Int64, String)]
    )
    func text(microseconds: Int64, expected: String) {
        #expect(Timestamp(microseconds: microseconds).description == expected)
    }

    @Test("a moment beyond all moments is the last or the first one")
    func beyond() {
        let time = Timestamp(microseconds: 1)
        #expect(time.advanced(bySeconds: .max).microseconds == .max)
        #expect(time.advanced(bySeconds: .min).microseconds == .min)
        #expect(Timestamp.distantFuture.advanced(bySeconds: 1) == .distantFuture)
    }

    @Test(
        "a timestamp is read with any offset, in either case and with any number of digits",
        arguments: [
            ("2024-08-07T15:29:52Z", "2024-08-07T15:29:52.000000Z"),
            ("2024-08-07t15:29:52.5z", "2024-08-07T15:29:52.500000Z"),
            ("2024-08-07T15:29:52+00:00", "2024-08-07T15:29:52.000000Z"),
            // The local offset is unknown, the time in UTC is not: RFC 3339, section 4.3.
            ("2024-08-07T15:29:52-00:00", "2024-08-07T15:29:52.000000Z"),
            ("2024-08-07T15:29:52.068774+02:00", "2024-08-07T13:29:52.068774Z"),
            ("2024-01-01T00:15:00+05:45", "2023-12-31T18:30:00.000000Z"),
            ("2024-02-28T20:00:00-08:00", "2024-02-29T04:00:00.000000Z"),
            ("2024-08-07T15:29:52+23:59", "2024-08-06T15:30:52.000000Z"),
            ("2024-08-07T15:29:52.123456789Z", "2024-08-07T15:29:52.123456Z"),
            // The latest moment of other systems.
            ("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.999999Z"),
            ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000000Z"),
            ("1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.250000Z"),
        ]
    )
    func reading(text: String, expected: String) {
        #expect(Timestamp(text)?.description == expected)
    }

    @Test("a timestamp with a million digits of a fraction is read to the microsecond")
    func longFraction() {
        let text = "2024-08-07T15:29:52." + String(repeating: "9", count: 1 << 20) + "Z"
        #expect(Timestamp(text)?.description == "2024-08-07T15:29:52.999999Z")
    }

    @Test(
        "a timestamp's leap second is the second behind it, and is read at the end of a UTC month only",
        arguments: [
            ("1998-12-31T23:59:60Z", "1999-01-01T00:00:00.000000Z"),
            ("1990-12-31T15:59:60.25-08:00", "1991-01-01T00:00:00.250000Z"),
            ("2017-01-01T00:59:60+01:00", "2017-01-01T00:00:00.000000Z"),
            ("1998-12-31T23:59:61Z", nil), ("1998-12-31T23:58:60Z", nil),
            ("1998-12-31T22:59:60Z", nil), ("1998-12-30T23:59:60Z", nil),
            ("1998-12-31T23:59:60+01:00", nil), ("9999-12-31T23:59:60Z", nil),
        ] as [(String, String?)]
    )
    func leapSeconds(text: String, expected: String?) {
        #expect(Timestamp(text)?.description == expected)
    }

    @Test(
        "text that is no RFC 3339 time, or outside the four-digit years, is refused as a timestamp",
        arguments: [
            "", "2024-08-07", "15:29:52Z", "2024-08-07T15:29:52", "2024-08-07 15:29:52Z",
            "2024-08-07T15:29Z", "2024-08-07T15:29:52.Z", "2024-08-07T15:29:52,5Z",
            "2024-08-07T15:29:52+02", "2024-08-07T15:29:52+0200", "2024-08-07T15:29:52 00:00",
            "2024-08-07T15:29:52+24:00", "2024-08-07T15:29:52+00:60",
            "2024-08-07T15:29:52+00:00Z", "2024-08-07T15:29:52ZZ", " 2024-08-07T15:29:52Z",
            "24-08-07T15:29:52Z", "+2024-08-07T15:29:52Z", "02024-08-07T15:29:52Z",
            "2024-13-07T15:29:52Z", "2024-00-07T15:29:52Z", "2024-08-00T15:29:52Z",
            "2023-02-29T15:29:52Z", "2024-04-31T15:29:52Z", "2024-08-07T24:00:00Z",
            "2024-08-07T15:60:00Z", "2024-08-0७T15:29:52Z", "2024-08-07T15:29:52.५Z",
            "9999-12-31T23:59:59-00:01", "0000-01-01T00:00:00+00:01", "1723044592",
        ]
    )
    func noTime(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("a timestamp that was written is read back")
    func roundTrip() {
        for microseconds: Int64 in [0, -1, 1_723_044_592_068_774, -62_135_596_800_000_000] {
            let time = Timestamp(microseconds: microseconds)
            #expect(Timestamp(time.description) == time)
        }
    }

    @Test("a timestamp advanced by ten minutes is six hundred seconds later")
    func advance() {
        let start = Timestamp(microseconds: 5)
        #expect(start.advanced(bySeconds: 600) == Timestamp(microseconds: 600_000_005))
        #expect(start.advanced(bySeconds: -1) < start)
    }
}
