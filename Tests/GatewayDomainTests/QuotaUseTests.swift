import GatewayDomain
import Testing

struct QuotaUseTests {
    private static let quota = MonthlyQuota(bytes: 1_000_000, action: .block, resetDay: 15)

    private static func hour(_ text: String) throws -> UsageHour {
        UsageHour(of: try #require(Timestamp("\(text):00:00Z")))
    }

    private static func usage(_ bytes: UInt64, _ hour: UsageHour) -> HourlyUsage {
        HourlyUsage([
            .init(
                hour: hour,
                kind: .link,
                counts: UsageCounts(rxBytes: bytes / 2, txBytes: bytes - bytes / 2)
            )
        ])
    }

    @Test("a quota counts both directions, and ends with its bytes")
    func counting() throws {
        let hour = try Self.hour("2026-11-20T10")
        let first = try #require(Self.quota.adding(Self.usage(301, hour), to: nil))
        #expect(first == QuotaUse(periodStart: try Self.hour("2026-11-15T00"), bytes: 301))
        #expect(Self.quota.left(behind: first) == 999_699)
        let second = try #require(Self.quota.adding(Self.usage(2_000_000, hour), to: first))
        #expect(second.bytes == 2_000_301)
        #expect(Self.quota.left(behind: second) == 0)
    }

    @Test("usage on both sides of a period's end counts to the later one as far as it lies in it")
    func periodEnds() throws {
        let (last, first) = (try Self.hour("2026-12-14T23"), try Self.hour("2026-12-15T00"))
        var both = Self.usage(70, first)
        both.add(Self.usage(500, last))
        let before = QuotaUse(periodStart: try Self.hour("2026-11-15T00"), bytes: 900)
        let after = QuotaUse(periodStart: first, bytes: 70)
        #expect(Self.quota.adding(both, to: before) == after)
        #expect(Self.quota.adding(Self.usage(500, last), to: after) == after)
        #expect(Self.quota.use(before, at: last.start) == before)
        #expect(
            Self.quota.use(before, at: first.start) == QuotaUse(periodStart: first, bytes: 0)
        )
    }

    @Test("of two uses that are known the later and larger counts, if it is of the quota's periods")
    func further() throws {
        let november = try Self.hour("2026-11-15T00")
        let (small, large) = (
            QuotaUse(periodStart: november, bytes: 5), QuotaUse(periodStart: november, bytes: 6)
        )
        let next = QuotaUse(periodStart: try Self.hour("2026-12-15T00"), bytes: 1)
        let otherDay = QuotaUse(periodStart: try Self.hour("2026-12-01T00"), bytes: 9)
        #expect(Self.quota.further(large, small) == large)
        #expect(Self.quota.further(large, next) == next)
        #expect(Self.quota.further(small, otherDay) == small)
        #expect(Self.quota.further(nil, otherDay) == nil)
    }

    @Test(
        "how much of a quota is used is rounded down, and 100 percent is said when it is used up alone"
    )
    func percent() {
        func percent(_ used: UInt64, of bytes: UInt64) -> UInt64 {
            MonthlyQuota(bytes: bytes, action: .warn).state(whenUsed: used)
                .percent(used: used, of: bytes)
        }
        #expect(percent(0, of: 1_000_000) == 0)
        #expect(percent(799_999, of: 1_000_000) == 79)
        #expect(percent(990_800, of: 1_000_000) == 99)
        // Too little is left for a packet.
        #expect(percent(990_801, of: 1_000_000) == 100)
        #expect(percent(1_509_999, of: 1_000_000) == 150)
        #expect(percent(9_999_999_999_999, of: 10_000_000_010_000) == 99)
        #expect(percent(.max / 2, of: 1_000_000) == 922_337_203_685_477)
    }
}
