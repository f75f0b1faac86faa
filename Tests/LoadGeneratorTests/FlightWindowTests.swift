import Testing

@testable import LoadGenerator

struct FlightWindowTests {
    @Test(
        "the window of packets under way starts with two bursts and grows to its limit without loss"
    )
    func grows() {
        var window = FlightWindow(burst: 32, maximum: 1024)
        #expect(window.size == 64)
        for _ in 0..<100 { window.delivered(32) }
        #expect(window.size == 1024)
    }

    @Test("a loss halves the window of packets under way, once for all that are under way")
    func shrinks() {
        var window = FlightWindow(burst: 32, maximum: 1024)
        for _ in 0..<100 { window.delivered(32) }
        for _ in 0..<5 { window.lost() }
        #expect(window.size == 512)
        for _ in 0..<16 * 16 { window.delivered(32) }
        #expect(window.size == 544)
    }

    @Test("the window of packets under way never falls below one burst")
    func keepsRoom() {
        var window = FlightWindow(burst: 100, maximum: 50)
        #expect(window.size == 100)
        for _ in 0..<50 {
            window.lost()
            window.delivered(10_000)
        }
        #expect(window.size == 100)
    }
}
