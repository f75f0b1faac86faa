/// Bytes a second between two samples.
struct TopRates {
    private var last: (time: ContinuousClock.Instant, counters: [String: (rx: UInt64, tx: UInt64)])?

    struct Rate: Equatable {
        /// Nil where an object was not in the sample before.
        let received: Double?
        let sent: Double?

        var total: Double { (received ?? 0) + (sent ?? 0) }
    }

    /// - Returns: the rates of the sample's entries, in their order.
    mutating func take(_ sample: TopSample) -> [Rate] {
        defer {
            let counters = sample.entries.map { ($0.id, (rx: $0.rxBytes, tx: $0.txBytes)) }
            last = (sample.time, Dictionary(counters) { first, _ in first })
        }
        let seconds = last.map { (sample.time - $0.time) / .seconds(1) } ?? 0
        return sample.entries.map { entry in
            guard seconds > 0, let before = last?.counters[entry.id] else {
                return Rate(received: nil, sent: nil)
            }
            return Rate(
                received: Self.rate(from: before.rx, to: entry.rxBytes, seconds),
                sent: Self.rate(from: before.tx, to: entry.txBytes, seconds)
            )
        }
    }

    /// Counters go back when a backup is restored.
    private static func rate(from old: UInt64, to new: UInt64, _ seconds: Double) -> Double {
        new > old ? Double(new - old) / seconds : 0
    }
}
