/// What a gateway or a peer carried lately, in steps of equal length that follow one another.
package struct TrafficHistory: Equatable, Sendable {
    /// The finest step, in seconds. All others are multiples of it.
    package static let finestStep = 10
    package static let steps = finestStep...3600
    /// How far back a history goes.
    package static let longestSeconds: Int64 = 6 * 3600

    /// Since when the server counts; what was before is not known.
    package let knownSince: Timestamp
    /// When the first step begins.
    package let since: Timestamp
    /// When the last step ended: the one that goes on is left out.
    package let until: Timestamp
    /// How long each step is, in seconds.
    package let step: Int
    package let counts: [TrafficCounts]
    /// Where packets of a gateway went no further: the reason, and how many in each step.
    package let drops: [Drops]

    package struct Drops: Equatable, Sendable {
        /// As in the metrics.
        package let reason: String
        package let counts: [UInt64]

        package init(reason: String, counts: [UInt64]) {
            self.reason = reason
            self.counts = counts
        }
    }

    package init(
        knownSince: Timestamp,
        since: Timestamp,
        until: Timestamp,
        step: Int,
        counts: [TrafficCounts],
        drops: [Drops]
    ) {
        self.knownSince = knownSince
        self.since = since
        self.until = until
        self.step = step
        self.counts = counts
        self.drops = drops
    }
}

/// Which part of a history is asked for.
package struct TrafficWindow: Equatable, Sendable {
    package enum Start: Equatable, Sendable {
        case time(Timestamp)
        /// Before now.
        case seconds(Int64)
    }

    /// Nil for as far back as it goes.
    package let start: Start?
    /// In seconds.
    package let step: Int

    package init(start: Start? = nil, step: Int = TrafficHistory.finestStep) {
        self.start = start
        self.step = step
    }
}
