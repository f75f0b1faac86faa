import ArgumentParser
import GatewayDomain
import Testing

@testable import wgw

struct QuantityTests {
    @Test(
        "a rate is read in powers of 1 000, and nothing else is one",
        arguments: [
            ("8000", 8_000), ("500K", 500_000), ("500k", 500_000), ("10M", 10_000_000),
            ("1.5G", 1_500_000_000), ("0.064M", 64_000), ("M", nil), ("1.M", nil), (".5M", nil),
            ("1.0001K", nil), ("10MB", nil), ("-1M", nil), ("1e3", nil), ("", nil), ("1T", nil),
            ("99999999999999999999G", nil), ("٣M", nil),
        ] as [(String, UInt64?)]
    )
    func rates(text: String, rate: UInt64?) {
        #expect(Quantity.rate(text) == rate)
    }

    @Test(
        "a size is read in powers of 1 000, and nothing else is one",
        arguments: [
            ("1000000", 1_000_000), ("500MB", 500_000_000), ("10GB", 10_000_000_000),
            ("1.5TB", 1_500_000_000_000), ("900kB", 900_000), ("12B", 12), ("10G", nil),
            ("10 GB", nil), ("GB", nil), ("1.5B", nil),
        ] as [(String, UInt64?)]
    )
    func sizes(text: String, size: UInt64?) {
        #expect(Quantity.size(text) == size)
    }

    @Test("a quantity is shown with three digits at most, cut off and not rounded")
    func texts() {
        #expect(Quantity.text(999, "B") == "999 B")
        #expect(Quantity.text(10_000_000_000, "B") == "10 GB")
        #expect(Quantity.text(1_990_000, "bit/s") == "1.9 Mbit/s")
        #expect(Quantity.text(999_999, "B") == "999 kB")
        #expect(Quantity.text(.max, "B") == "18.4 EB")
    }

    @Test("what a quota does is one word, with a rate where it throttles")
    func actions() throws {
        #expect(QuotaAction(argument: "block")?.kind == .block)
        #expect(QuotaAction(argument: "throttle:1M")?.throttleRate == 1_000_000)
        for text in ["throttle", "block:1M", "throttle:", "throttle:fast", "stop", ""] {
            #expect(QuotaAction(argument: text) == nil, "\(text)")
        }
    }

    @Test("options of limits keep what they do not name, and take away what is none")
    func merging() throws {
        let first = try LimitOptions.parse(["--up", "10M", "--quota", "10GB"]).request(
            changing: nil
        )
        guard case .value(let rate) = first.rxRate.content,
            case .value(let quota) = first.quota.content,
            case .value(let bytes) = quota.bytes.content,
            case .value(let action) = quota.action.content
        else {
            Issue.record("what is given is not in the request")
            return
        }
        #expect(rate == 10_000_000 && bytes == 10_000_000_000 && action == .block)
        #expect(first.txRate.isAbsent && quota.resetDay.isAbsent)
        #expect(throws: (any Error).self) {
            try LimitOptions.parse(["--reset-day", "5"]).request(changing: nil)
        }
        #expect(throws: (any Error).self) { try LimitOptions.parse(["--none", "--up", "1M"]) }
        #expect(throws: (any Error).self) {
            try LimitOptions.parse(["--quota", "none", "--on-quota", "warn"])
        }
    }
}
