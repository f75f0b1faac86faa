import Testing

@testable import LoadGenerator

@Suite("The floor of this machine")
struct FloorTests {
    @Test(
        "both parts of the bench's floor cost something, and the total is their sum",
        arguments: [1, 32, 100]
    )
    func costs(burst: Int) throws {
        let report = try measure { $0.burst = burst }
        // From a tenth of a fast machine's cost to a hundred times of a slow one's.
        #expect((0.02...500).contains(report.aeadSecondsPerGB))
        #expect((0.01...500).contains(report.udpSecondsPerGB))
        #expect(report.floorSecondsPerGB == report.aeadSecondsPerGB + report.udpSecondsPerGB)
        #expect((report.size, report.burst) == (1420, burst))
    }

    @Test("the bench's floor at a rate measures the forwarder's latency")
    func latency() throws {
        let report = try measure { options in
            options.rate = 1000
            options.burst = 1
            options.size = 256
        }
        let latency = try #require(report.latency)
        #expect(latency.p50 > 0)
        #expect(latency.p50 <= latency.p90 && latency.p90 <= latency.p99)
        #expect(latency.p99 <= latency.p999)
    }

    @Test("the bench's floor of small packets costs more per byte than that of large ones")
    func sizes() throws {
        let small = try measure { $0.size = 64 }
        let large = try measure { $0.size = 1420 }
        #expect(small.floorSecondsPerGB > large.floorSecondsPerGB)
    }

    @Test("options of the bench's floor out of range are refused by name")
    func bounds() {
        expect("--size") { $0.size = 43 }
        expect("--burst") { $0.burst = 0 }
        expect("--window") { $0.window = 0 }
        expect("--seconds") { $0.seconds = .nan }
        expect("--rate") { $0.rate = 0 }
    }

    private func measure(_ change: (inout FloorOptions) -> Void) throws -> FloorReport {
        var options = FloorOptions()
        options.seconds = 0.2
        change(&options)
        return try Floor.measure(options)
    }

    private func expect(_ option: String, _ change: (inout FloorOptions) -> Void) {
        let problem = #expect(throws: LoadError.self) { try measure(change) }
        #expect(problem?.description.hasPrefix("\(option) takes") == true)
    }
}
