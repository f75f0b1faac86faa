import Testing

@testable import WireGuardEngine

@Suite("Memory is freed when nobody can be reading it")
struct QuiescenceTests {
    @Test("at once when all workers are outside")
    func outside() {
        let quiescence = Quiescence(workers: 2)
        #expect(quiescence.hasPassed(quiescence.stamp()))
    }

    @Test("not while a worker is inside that came in before")
    func insideBefore() {
        let quiescence = Quiescence(workers: 3)
        quiescence.presence(of: 2).enter()
        let stamp = quiescence.stamp()
        #expect(!quiescence.hasPassed(stamp))
        quiescence.presence(of: 2).leave()
        #expect(quiescence.hasPassed(stamp))
    }

    @Test("a worker that comes in afterwards holds nothing up")
    func insideAfterwards() {
        let quiescence = Quiescence(workers: 2)
        let stamp = quiescence.stamp()
        quiescence.presence(of: 1).enter()
        #expect(quiescence.hasPassed(stamp))
        #expect(!quiescence.hasPassed(quiescence.stamp()))
    }

    @Test("a worker that comes in again has let go of what it saw")
    func again() {
        let quiescence = Quiescence(workers: 1)
        quiescence.presence(of: 0).enter()
        let stamp = quiescence.stamp()
        quiescence.presence(of: 0).enter()
        #expect(quiescence.hasPassed(stamp))
    }

    @Test("in the order in which it was unlinked, each once")
    func order() {
        let quiescence = Quiescence(workers: 2)
        var retired = RetiredMemory()
        let freed = Freed()
        retired.append(quiescence.stamp()) { freed.numbers.append(1) }
        quiescence.presence(of: 1).enter()
        retired.append(quiescence.stamp()) { freed.numbers.append(2) }
        retired.reclaim(quiescence)
        #expect(freed.numbers == [1])
        quiescence.presence(of: 1).leave()
        retired.reclaim(quiescence)
        #expect(freed.numbers == [1, 2])
        #expect(retired.isEmpty)
    }

    private final class Freed {
        var numbers: [Int] = []
    }
}
