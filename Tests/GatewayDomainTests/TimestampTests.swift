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

    @Test("ten minutes are six hundred seconds further")
    func advance() {
        let start = Timestamp(microseconds: 5)
        #expect(start.advanced(bySeconds: 600) == Timestamp(microseconds: 600_000_005))
        #expect(start.advanced(bySeconds: -1) < start)
    }
}
