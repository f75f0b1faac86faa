/// What the probes of one lane say about it. Moments are durations since any fixed one.
package struct LaneHealth: Sendable {
    package enum Condition: Equatable, Sendable {
        /// No probe was answered yet, and it is too early to say more.
        case untried
        case good
        case dead
    }

    /// As of the latest note.
    package private(set) var condition = Condition.untried
    /// Whether a probe was ever answered.
    package private(set) var hasAnswered = false
    /// Whether answers come at the moment, be it from a lane that is not trusted again yet.
    package private(set) var isAnswering = false
    /// Of the answers so far, the newer ones counting more.
    package private(set) var roundTrip: Duration?

    private var counts = ProbeCounts()
    /// The first answer after which there was no silence.
    private var answersSince: Duration?
    /// The last answer, or the first note before there was one, and what was unanswered then: probes that were
    /// sent before count no more.
    private var silentSince: Duration?
    private var unansweredThen: UInt64 = 0
    private var losses = LossWindow()

    package init() {}

    /// In per cent, of the probes of the last half minute; nil while there were none.
    package var lossPercent: Double? { losses.percent }

    /// Takes in what the lane's probes came to so far.
    package mutating func note(_ next: ProbeCounts, at now: Duration) {
        if next.sent < counts.sent || next.answered < counts.answered { beginAnew() }
        if next.answered > counts.answered {
            noteAnswer(next, at: now)
        } else if isSilent(next, at: now) {
            isAnswering = false
            answersSince = nil
            condition = .dead
        }
        counts = next
        losses.note(next, at: now)
        if condition == .dead, let answersSince, now - answersSince >= LinkTimes.trial {
            condition = .good
        }
    }

    private mutating func noteAnswer(_ next: ProbeCounts, at now: Duration) {
        if !isAnswering { answersSince = now }
        // A lane that is new has nothing to be forgiven.
        if !hasAnswered { condition = .good }
        (hasAnswered, isAnswering) = (true, true)
        (silentSince, unansweredThen) = (now, next.unanswered)
        if let latest = next.roundTrip {
            roundTrip = roundTrip.map { $0 + (latest - $0) / 4 } ?? latest
        }
    }

    /// Probes that were not sent prove nothing.
    private mutating func isSilent(_ next: ProbeCounts, at now: Duration) -> Bool {
        guard let silentSince else {
            (silentSince, unansweredThen) = (now, next.unanswered)
            return false
        }
        let missing = next.unanswered - min(unansweredThen, next.unanswered)
        return missing >= LinkTimes.unansweredProbes && now - silentSince >= LinkTimes.silence
    }

    /// The lane was installed anew, and its counters began at zero. What is believed of it stays until its
    /// probes tell.
    private mutating func beginAnew() {
        counts = ProbeCounts()
        unansweredThen = 0
        losses = LossWindow()
    }
}
