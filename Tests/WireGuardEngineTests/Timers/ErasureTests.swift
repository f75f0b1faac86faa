import Testing

@testable import WireGuardEngine

@Suite("An idle peer costs a record and nothing else, whitepaper section 6.3")
struct ErasureTests {
    @Test("session keys are erased 540 s after the last handshake, and not before")
    func erasure() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.run(until: .seconds(539))
        for (node, peer) in [(pair.a, pair.toB), (pair.b, pair.toA)] {
            #expect(try node.record(peer).pointee.active != nil)
        }
        pair.simulation.run(until: .seconds(541))
        for (node, peer) in [(pair.a, pair.toB), (pair.b, pair.toA)] {
            let record = try node.record(peer)
            #expect(record.pointee.active == nil)
            #expect(record.pointee.currentSession == nil)
            #expect(record.pointee.timers.lastTraversal == .never)
            #expect(node.nextDeadline == nil)
        }
    }

    @Test("after the erasure of its keys a session's packet is unknown, and a new session works")
    func afterErasure() throws {
        let pair = try Pair()
        pair.connect()
        let old = try #require(pair.a.send(Pair.fromA("old"), at: pair.simulation.moment).first)
        pair.simulation.run(until: .seconds(600))
        _ = pair.b.receive(old.bytes, from: old.from, at: pair.simulation.moment)
        #expect(pair.b.drops(.unknownReceiver) == 1)
        pair.sendFromB("new")
        pair.simulation.settle()
        #expect(pair.textsAtA == ["new"])
    }

    @Test("an idle peer's record takes 288 bytes at most")
    func recordSize() {
        // The thread sanitizer's build has an atomic beside the mutex of the lock.
        #if THREAD_SANITIZER
            let limit = 288 + MemoryLayout<Int>.size
        #else
            let limit = 288
        #endif
        #expect(MemoryLayout<PeerRecord>.size <= limit)
    }

    @Test("a peer that was only configured has no active state and no timer")
    func configuredOnly() throws {
        let pair = try Pair()
        #expect(try pair.a.record(pair.toB).pointee.active == nil)
        #expect(try pair.a.record(pair.toB).pointee.staticShared == nil)
        #expect(pair.a.nextDeadline == nil)
    }
}
