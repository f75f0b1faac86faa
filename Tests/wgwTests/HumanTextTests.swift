import GatewayDomain
import Testing

@testable import wgw

struct HumanTextTests {
    @Test(
        "a time is told by its distance from now, in the largest unit that fits",
        arguments: [
            (0, "just now"), (1, "just now"), (59, "59 seconds ago"), (60, "1 minute ago"),
            (3_599, "59 minutes ago"), (7_200, "2 hours ago"), (86_400, "1 day ago"),
            (40 * 86_400, "1 month ago"), (800 * 86_400, "2 years ago"), (-90, "in 1 minute"),
            (-3_598, "in 1 hour"),
        ] as [(Int64, String)]
    )
    func distance(seconds: Int64, text: String) {
        let now = Timestamp(microseconds: 1_800_000_000_000_000)
        #expect(HumanText.time(now.advanced(bySeconds: -seconds), at: now) == text)
    }

    @Test("times at the ends of what can be stored are told without an overflow")
    func extremes() {
        let (first, last) = (Timestamp(microseconds: .min), Timestamp.distantFuture)
        #expect(HumanText.time(first, at: last).hasSuffix("years ago"))
        #expect(HumanText.time(last, at: first).hasPrefix("in "))
    }

    @Test(
        "a count of bytes has three digits at most, and the unit that fits",
        arguments: [
            (0, "0 B"), (999, "999 B"), (1_000, "1.0 KiB"), (1_024, "1.0 KiB"),
            (10_188, "9.9 KiB"), (10_240, "10 KiB"), (1_048_576, "1.0 MiB"),
            (5_368_709_120, "5.0 GiB"), (.max, "16 EiB"),
        ] as [(UInt64, String)]
    )
    func bytes(count: UInt64, text: String) {
        #expect(HumanText.bytes(count) == text)
    }
}
