import Synchronization
import Testing

@testable import WireGuardEngine

@Suite("A nonce is never used twice")
struct CounterTests {
    @Test("a session sends nothing from REJECT_AFTER_MESSAGES on, before a nonce repeats")
    func stops() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.run(for: .seconds(10))
        pair.forget()
        pair.simulation.passes = { $0.kind == .transport }
        let session = try pair.a.session(pair.toB)
        session.pointee.sendCounter.store(Constant.rejectAfterMessages - 2, ordering: .relaxed)
        for _ in 0..<10 { pair.sendFromA() }
        let counters = pair.simulation.log.map(\.datagram).filter { $0.kind == .transport }
            .map(\.counter)
        #expect(counters == [Constant.rejectAfterMessages - 2, Constant.rejectAfterMessages - 1])
        #expect(session.pointee.reserveCounters(1) == nil)
        // Asking for more than is left must not wrap round to small numbers.
        #expect(session.pointee.reserveCounters(1 << 14) == nil)
        #expect(session.pointee.reserveCounters(1) == nil)
        // What could not be sealed waits for the next session.
        pair.simulation.passes = { _ in true }
        pair.simulation.run(for: .seconds(6))
        #expect(pair.b.received.count == 10)
    }

    @Test("a run of packets does not reserve counters beyond REJECT_AFTER_MESSAGES")
    func runAtTheEnd() throws {
        let pair = try Pair()
        pair.connect()
        let session = try pair.a.session(pair.toB)
        session.pointee.sendCounter.store(Constant.rejectAfterMessages - 5, ordering: .relaxed)
        #expect(session.pointee.reserveCounters(6) == nil)
        #expect(session.pointee.reserveCounters(1) == nil)
    }

    @Test("the counter of a session is 64 bits wide, on the wire too")
    func width() throws {
        let pair = try Pair()
        pair.connect()
        let session = try pair.a.session(pair.toB)
        session.pointee.sendCounter.store(0x0123_4567_89ab_cdef, ordering: .relaxed)
        let sent = try #require(
            pair.a.send(Pair.fromA("far"), at: pair.simulation.moment).first
        )
        #expect(Array(sent.bytes[8..<16]) == [0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01])
        _ = pair.b.receive(sent.bytes, from: sent.from, at: pair.simulation.moment)
        #expect(pair.textsAtB == ["far"])
    }
}
