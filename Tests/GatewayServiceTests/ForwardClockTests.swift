import Dispatch
import GatewayDomain
import GatewayService
import GatewayStore
import Testing

@Suite("The clock")
struct ForwardClockTests {
    @Test("tells no time twice, whoever asks")
    func forward() async {
        let clock = ForwardClock()
        let times = await withTaskGroup { group in
            for _ in 0..<4 { group.addTask { (0..<10_000).map { _ in clock.now() } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for own in times { #expect(zip(own, own.dropFirst()).allSatisfy { $0 < $1 }) }
        #expect(Set(times.joined()).count == 40_000)
    }

    /// Else something made later could stand before it in lists that somebody has read already.
    @Test("is looked at when it is somebody's turn to write, not when he begins to wait for it")
    func inTurn() async throws {
        let bench = try await Bench()
        let network = try await bench.network()
        let gateway = try await bench.gateway(in: network)
        let (hasBegun, begun) = AsyncStream.makeStream(of: Void.self)
        let mayEnd = DispatchSemaphore(value: 0)
        async let holding: Void = bench.store.write { _ in
            begun.yield()
            mayEnd.wait()
        }
        await hasBegun.first { _ in true }
        async let made = (bench.network(), bench.gateway(in: network), bench.peer(of: gateway))
        // Time enough for a verb that looks at the clock too early to do so.
        try await Task.sleep(for: .milliseconds(100))
        bench.clock.advance(seconds: 60)
        let later = bench.clock.now()
        mayEnd.signal()
        try await holding
        let (newNetwork, newGateway, newPeer) = try await made
        #expect(newNetwork.createdAt > later)
        #expect(newGateway.createdAt > later)
        #expect(newPeer.peer.createdAt > later)
    }
}
