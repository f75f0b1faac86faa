import Testing
import WireGuardEngine

@testable import HubRuntime

@Suite("Names of endpoints are asked for")
struct NameQuestionsTests {
    private func second(_ number: UInt64) -> Instant {
        Instant(nanoseconds: number * 1_000_000_000)
    }

    @Test(
        "all endpoint names are asked for at a start and at each SIGHUP, and not again while found"
    )
    func asking() {
        var questions = NameQuestions()
        #expect(questions.ask(["a", "b"]) == ["a", "b"])
        #expect(questions.answered("a", failing: nil, at: second(1)) == .found(isNews: false))
        #expect(questions.answered("b", failing: nil, at: second(1)) == .found(isNews: false))
        #expect(questions.due(at: second(9_999)).isEmpty)
        #expect(questions.ask(["a", "b"]) == ["a", "b"])
    }

    @Test(
        "an endpoint name that is not found is asked for again after 1, 2, 4 … 60 s, and its reason said once"
    )
    func backoff() {
        var questions = NameQuestions()
        _ = questions.ask(["a"])
        var now: UInt64 = 100
        for (attempt, pause) in [1, 2, 4, 8, 16, 32, 60, 60].enumerated()
            as EnumeratedSequence<[UInt64]>
        {
            let verdict = questions.answered("a", failing: "away", at: second(now))
            #expect(verdict == .failed(isNews: attempt == 0))
            #expect(questions.due(at: second(now + pause - 1)).isEmpty)
            now += pause
            #expect(questions.due(at: second(now)) == ["a"])
            #expect(questions.due(at: second(now + 999)).isEmpty, "it is under way")
        }
        #expect(questions.answered("a", failing: "gone", at: second(now)) == .failed(isNews: true))
        #expect(questions.due(at: second(now + 60)) == ["a"])
        #expect(questions.answered("a", failing: nil, at: second(now)) == .found(isNews: true))
        #expect(questions.due(at: second(now + 9_999)).isEmpty)
    }

    @Test("SIGHUP during a pause has an endpoint name asked for at once, and its reason said again")
    func impatience() {
        var questions = NameQuestions()
        _ = questions.ask(["a"])
        for now in 1...5 as ClosedRange<UInt64> {
            _ = questions.answered("a", failing: "away", at: second(100 * now))
            _ = questions.due(at: second(100 * now + 99))
        }
        _ = questions.answered("a", failing: "away", at: second(1_000))
        #expect(questions.ask(["a"]) == ["a"])
        let verdict = questions.answered("a", failing: "away", at: second(1_001))
        #expect(verdict == .failed(isNews: true))
        #expect(questions.due(at: second(1_002)) == ["a"])
    }

    @Test("SIGHUP while an endpoint name is looked up has it asked for once more")
    func staleAnswer() {
        var questions = NameQuestions()
        #expect(questions.ask(["a"]) == ["a"])
        #expect(questions.ask(["a"]).isEmpty)
        #expect(questions.answered("a", failing: nil, at: second(1)) == .askAgain)
        #expect(questions.answered("a", failing: nil, at: second(2)) == .found(isNews: false))
    }

    @Test("an endpoint name that the config file no longer has is not asked for")
    func forgotten() {
        var questions = NameQuestions()
        _ = questions.ask(["a", "b"])
        _ = questions.answered("b", failing: "away", at: second(1))
        #expect(questions.ask([]).isEmpty)
        #expect(questions.answered("a", failing: nil, at: second(2)) == .unwanted)
        #expect(questions.due(at: second(9_999)).isEmpty)
    }
}
