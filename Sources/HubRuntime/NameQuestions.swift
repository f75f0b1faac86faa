import WireGuardEngine

/// Which names are to be looked up now: all at a start and at a SIGHUP, and again later those that
/// were not found. A pure function of answers and time.
struct NameQuestions {
    private struct Question {
        /// Asked and not answered yet.
        var isOpen = true
        /// Asked once more while an answer was under way, which may be outdated.
        var isAskedAgain = false
        var failures = 0
        var reason: String?
        var retryAt = Instant.distant
    }

    private static let firstPause: UInt64 = 1
    private static let longestPause: UInt64 = 60

    private var questions: [String: Question] = [:]

    /// Returns those of the names that are to be looked up at once; a failure of theirs counts as news
    /// again. Names that are not among these are forgotten.
    mutating func ask(_ names: [String]) -> [String] {
        let wanted = Set(names)
        questions = questions.filter { wanted.contains($0.key) }
        return names.filter { name in
            guard questions[name]?.isOpen != true else {
                questions[name]?.isAskedAgain = true
                return false
            }
            questions[name] = Question()
            return true
        }
    }

    /// What an answer means.
    enum Outcome: Equatable {
        /// To be applied; `isNews` after failures.
        case found(isNews: Bool)
        /// Asked again later; `isNews` when the reason is another one than before.
        case failed(isNews: Bool)
        /// Asked again at once, since the question was put again meanwhile.
        case askAgain
        /// The file no longer has that name.
        case unwanted
    }

    /// - Parameter reason: why it was not found; nil when it was.
    mutating func answered(_ name: String, failing reason: String?, at now: Instant) -> Outcome {
        guard var question = questions[name] else { return .unwanted }
        defer { questions[name] = question }
        guard !question.isAskedAgain else {
            question.isAskedAgain = false
            return .askAgain
        }
        question.isOpen = false
        let isNews = question.reason != reason
        question.reason = reason
        guard reason != nil else {
            question.failures = 0
            return .found(isNews: isNews)
        }
        let pause = min(Self.longestPause, Self.firstPause << UInt64(min(question.failures, 6)))
        question.failures += 1
        question.retryAt = now + .seconds(pause)
        return .failed(isNews: isNews)
    }

    /// Those whose pause is over, to be looked up at once.
    mutating func due(at now: Instant) -> [String] {
        let names = questions.filter {
            !$0.value.isOpen && $0.value.reason != nil && $0.value.retryAt <= now
        }
        .keys.sorted()
        for name in names { questions[name]?.isOpen = true }
        return names
    }
}

extension Instant {
    fileprivate static let distant = Instant(nanoseconds: .max)
}
