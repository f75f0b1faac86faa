import Testing

@testable import LoadGenerator

struct CounterWindowTests {
    @Test("counters in order leave no gap")
    func inOrder() {
        var window = CounterWindow()
        for number in 0..<5_000 as Range<UInt64> {
            #expect(window.record(number) == .newest(skipped: 0))
        }
        #expect(window.next == 5_000)
    }

    @Test("a gap of counters is reported once, and a counter that fills it is late")
    func gap() {
        var window = CounterWindow()
        #expect(window.record(0) == .newest(skipped: 0))
        #expect(window.record(4) == .newest(skipped: 3))
        #expect(window.record(2) == .late)
        #expect(window.record(5) == .newest(skipped: 0))
    }

    @Test("a counter that came before is a duplicate, whether newest or late")
    func duplicates() {
        var window = CounterWindow()
        for number: UInt64 in [0, 1, 9, 5] { _ = window.record(number) }
        for number: UInt64 in [9, 5, 1, 0] { #expect(window.record(number) == .duplicate) }
    }

    @Test("a jump of counters forgets the old ones", arguments: [64, 1_023, 1_088, 1 << 40])
    func jump(distance: UInt64) {
        var window = CounterWindow()
        for number in 0..<64 as Range<UInt64> { _ = window.record(number) }
        #expect(window.record(63 + distance) == .newest(skipped: distance - 1))
        let first = 63 + distance > CounterWindow.width ? 63 + distance - 1_000 : 64
        for number in max(first, 64)..<63 + distance { #expect(window.record(number) == .late) }
        #expect(window.record(63 + distance) == .duplicate)
    }

    @Test("a counter too old for the window is counted as late")
    func tooOld() {
        var window = CounterWindow()
        _ = window.record(0)
        _ = window.record(CounterWindow.width + 1)
        #expect(window.record(0) == .late)
    }

    @Test("the highest counter, which anybody can send, does no harm to the window")
    func highest() {
        var window = CounterWindow()
        #expect(window.record(.max) == .newest(skipped: .max))
        _ = window.record(7)
        _ = window.record(.max)
    }
}
