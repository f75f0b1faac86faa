/// The share of probes without an answer, of those of the last half minute.
struct LossWindow: Sendable {
    private struct Sample {
        let moment: Duration
        let sent: UInt64
        let unanswered: UInt64
    }

    /// At most one a second, the oldest first, and the newest one beside them.
    private var samples: [Sample] = []
    private var newest: Sample?

    mutating func note(_ counts: ProbeCounts, at now: Duration) {
        let sample = Sample(moment: now, sent: counts.sent, unanswered: counts.unanswered)
        newest = sample
        if samples.last.map({ now - $0.moment >= .seconds(1) }) ?? true { samples.append(sample) }
        let old = samples.prefix { now - $0.moment > LinkTimes.lossWindow }.count
        samples.removeFirst(old)
    }

    /// Nil before a probe was sent. The newest probe may still be under way, and is not counted against the lane.
    var percent: Double? {
        guard let first = samples.first, let newest, newest.sent > first.sent else { return nil }
        let sent = newest.sent - first.sent
        let unanswered = newest.unanswered - min(newest.unanswered, first.unanswered)
        let lost = unanswered - min(unanswered, 1)
        return 100 * Double(min(lost, sent)) / Double(sent)
    }
}
