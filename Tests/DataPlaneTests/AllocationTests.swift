import CAllocationCount
import DataPlane
import NetAddress
import Testing
import WireGuardEngine

@Suite("Allocations", .enabled(if: allocation_count_works()))
struct AllocationTests {
    @Test("the counter counts")
    func counter() {
        allocation_count_start()
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 8)
        let count = allocation_count_stop()
        memory.deallocate()
        #expect(count == 1)
    }

    @Test("a packet that is forwarded allocates nothing")
    func forwarding() async throws {
        let hub = try await Hub()
        defer { hub.plane.shutdown() }
        var alice = try TunnelClient("10.9.0.2", hub: hub.key, at: hub.port)
        var bob = try TunnelClient("10.9.0.3", hub: hub.key, at: hub.port)
        try await hub.admit([(alice.publicKey, alice.address), (bob.publicKey, bob.address)])
        #expect([alice.connect(), bob.connect()] == [true, true])
        let packet = InnerIPv4.udp(
            from: alice.address,
            to: bob.address,
            datagram(1_000, number: 1)
        )
        // Fills what grows to its size once.
        #expect(exchange(100, of: packet, from: &alice, to: &bob) == 100 * Self.packetsPerBurst)

        let idle = await allocations(of: hub.plane) { 0 }
        let busy = await allocations(of: hub.plane) {
            exchange(100, of: packet, from: &alice, to: &bob)
        }

        #expect(busy.result == 100 * Self.packetsPerBurst)
        #expect(busy.count - idle.count < Self.allowed)
    }

    private static let packetsPerBurst = 60

    /// For 6000 packets in at least 100 batches. Without optimisation, the standard library's
    /// generics take some memory for each batch.
    private static var allowed: Int {
        #if DEBUG
            600
        #else
            10
        #endif
    }

    /// Bursts that fit into the socket's buffer, each awaited.
    private func exchange(
        _ bursts: Int,
        of packet: [UInt8],
        from sender: inout TunnelClient,
        to receiver: inout TunnelClient
    ) -> Int {
        var received = 0
        for _ in 0..<bursts {
            for _ in 0..<Self.packetsPerBurst { sender.send(packet) }
            sender.flush()
            received += receiver.receive(Self.packetsPerBurst).count
        }
        return received
    }

    /// What the worker allocates while `body` runs, its inbox's share included.
    private func allocations(
        of plane: DataPlane,
        during body: () -> Int
    ) async -> (count: Int, result: Int) {
        let (counts, count) = AsyncStream<Int>.makeStream()
        let (starts, start) = AsyncStream<Void>.makeStream()
        plane.apply([], placement: 0) {
            start.yield()
            allocation_count_start()
        }
        for await _ in starts { break }
        let result = body()
        plane.apply([], placement: 0) { count.yield(allocation_count_stop()) }
        for await number in counts { return (number, result) }
        return (.max, result)
    }
}
