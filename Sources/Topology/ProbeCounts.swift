/// What the probes of one lane came to since the lane was made. A probe is a packet inside of the lane, which
/// the other gateway answers: so it says something about both directions, and about the keys.
package struct ProbeCounts: Equatable, Sendable {
    package var sent: UInt64
    package var answered: UInt64
    /// Of the latest probe that was answered.
    package var roundTrip: Duration?

    package init(sent: UInt64 = 0, answered: UInt64 = 0, roundTrip: Duration? = nil) {
        self.sent = sent
        self.answered = answered
        self.roundTrip = roundTrip
    }

    /// What was not answered, or not yet.
    var unanswered: UInt64 { sent - min(answered, sent) }
}
