import Testing

@testable import WireGuardEngine

@Suite("A peer's budget of ICMP errors")
struct ErrorBudgetTests {
    private func taken(_ budget: inout ErrorBudget, ofMany: Int = 1000, at: Instant) -> Int {
        (0..<ofMany).filter { _ in budget.take(at: at) }.count
    }

    @Test(
        "a peer's budget allows 64 ICMP errors at once and one more each millisecond",
        arguments: [0, 1_000, 4_294_967_200, 4_294_967_296, 9_999_999_999] as [UInt64]
    )
    func rate(start: UInt64) {
        let start = Instant(nanoseconds: start * 1_000_000)
        var budget = ErrorBudget()
        #expect(taken(&budget, at: start) == 64)
        #expect(taken(&budget, at: start + .milliseconds(1)) == 1)
        #expect(taken(&budget, at: start + .milliseconds(31)) == 30)
        #expect(taken(&budget, at: start + .milliseconds(1000)) == 64)
        #expect(taken(&budget, ofMany: 10, at: start + .seconds(5_000_000)) == 10)
    }

    @Test("a clock that goes back takes nothing of a peer's budget of ICMP errors away for good")
    func backwards() {
        let start = Instant(nanoseconds: 5_000_000_000_000)
        var budget = ErrorBudget()
        #expect(taken(&budget, at: start) == 64)
        let earlier = Instant(nanoseconds: start.nanoseconds - 3_600_000_000_000)
        #expect(taken(&budget, at: earlier) == 64)
        #expect(taken(&budget, at: earlier + .milliseconds(10)) == 10)
    }
}
