import Testing

@testable import WireGuardEngine

@Suite("Replayed and late counters, section 5.4.6")
struct ReplayWindowTests {
    @Test("the replay window is 8192 wide")
    func width() {
        var window = ReplayWindow()
        window.accept(100_000)
        expect(window, 100_001, true)
        expect(window, 100_000, false)
        expect(window, 100_000 - 8191, true)
        expect(window, 100_000 - 8192, false)
    }

    @Test("the replay window accepts every counter once, in order, backwards and after jumps")
    func once() {
        var window = ReplayWindow()
        for counter in UInt64(0)..<20_000 {
            expect(window, counter, true)
            window.accept(counter)
            expect(window, counter, false)
        }
        for counter in (UInt64(20_000)...28_191).reversed() {
            expect(window, counter, true)
            window.accept(counter)
            expect(window, counter, false)
        }
        expect(window, 19_999, false)
        for jump in [UInt64(63), 64, 65, 8191, 8192, 8193, 8255, 8256, 8257, 1 << 40] {
            let before: UInt64 = 1 << 41 + jump
            var fresh = ReplayWindow()
            fresh.accept(before)
            fresh.accept(before + jump)
            expect(fresh, before, false)
            expect(fresh, before + jump, false)
            expect(fresh, before + jump - 1, true)
            expect(fresh, before + jump + 1, true)
        }
    }

    @Test("the replay window agrees with a set of all counters seen, at random")
    func model() {
        let random = SeededRandom(seed: 7)
        var window = ReplayWindow()
        var seen: Set<UInt64> = []
        var newest: UInt64 = 0
        for _ in 0..<40_000 {
            let ahead = random.happens(perMille: 5) ? random.below(20_000) : random.below(40)
            let back = random.below(random.happens(perMille: 100) ? 12_000 : 300)
            let counter = newest + ahead > back ? newest + ahead - back : 0
            let isNew = !seen.contains(counter) && counter + 8192 > newest
            expect(window, counter, isNew)
            guard isNew else { continue }
            window.accept(counter)
            seen.insert(counter)
            newest = max(newest, counter)
        }
    }

    @Test("the replay window accepts no counter from REJECT_AFTER_MESSAGES on")
    func end() {
        var window = ReplayWindow()
        window.accept(Constant.rejectAfterMessages - 1)
        expect(window, Constant.rejectAfterMessages - 2, true)
        expect(window, Constant.rejectAfterMessages, false)
        expect(window, .max, false)
    }

    private func expect(
        _ window: borrowing ReplayWindow,
        _ counter: UInt64,
        _ isAcceptable: Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let verdict = window.mayAccept(counter)
        guard verdict != isAcceptable else { return }
        Issue.record("\(counter): \(verdict)", sourceLocation: sourceLocation)
    }

    @Test("a replayed datagram is dropped and counted, and a late one is forwarded")
    func datagrams() throws {
        let pair = try Pair()
        pair.connect()
        let moment = pair.simulation.moment
        let sent = (0..<5).flatMap { pair.a.send(Pair.fromA("\($0)"), at: moment) }
        for index in [4, 0, 0, 2, 4, 1, 3, 3] {
            _ = pair.b.receive(sent[index].bytes, from: pair.a.endpoint, at: moment)
        }
        #expect(pair.textsAtB == ["4", "0", "2", "1", "3"])
        #expect(pair.b.drops(.replayed) == 3)
        #expect(pair.b.drops.total == 3)
    }

    @Test("a forged packet with a high counter does not move the replay window")
    func forgedCounter() throws {
        let pair = try Pair()
        pair.connect()
        let moment = pair.simulation.moment
        let genuine = try #require(pair.a.send(Pair.fromA("genuine"), at: moment).first)
        var forged = genuine.bytes
        forged[14] = 0x7f
        _ = pair.b.receive(forged, from: pair.a.endpoint, at: moment)
        _ = pair.b.receive(genuine.bytes, from: pair.a.endpoint, at: moment)
        #expect(pair.b.drops(.forged) == 1)
        #expect(pair.textsAtB == ["genuine"])
    }
}
