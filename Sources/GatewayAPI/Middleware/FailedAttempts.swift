import Synchronization

/// Counts wrong keys by where they come from. Whoever has shown too many is told to slow down and
/// no longer whether a key is wrong; a right key is never refused, since behind a proxy all callers
/// come from one address.
final class FailedAttempts: Sendable {
    /// So many at once, and then one for every interval.
    private static let burst = 20
    private static let interval = Duration.seconds(1)
    /// Sources that are remembered; beyond that, memory is worth more than the count.
    private static let capacity = 10_000

    private struct Source {
        var left: Int
        var since: ContinuousClock.Instant
    }

    private let sources = Mutex<[String: Source]>([:])

    /// Nil while the source may go on, otherwise when it may try again.
    func note(from source: String, at now: ContinuousClock.Instant = .now) -> Duration? {
        sources.withLock { sources in
            if sources.count >= Self.capacity, sources[source] == nil {
                sources = sources.filter { Self.refilled($0.value, at: now).left < Self.burst }
                if sources.count >= Self.capacity { sources.removeAll() }
            }
            var entry = Self.refilled(
                sources[source] ?? Source(left: Self.burst, since: now),
                at: now
            )
            defer { sources[source] = entry }
            guard entry.left > 0 else { return entry.since + Self.interval - now }
            entry.left -= 1
            return nil
        }
    }

    private static func refilled(_ source: Source, at now: ContinuousClock.Instant) -> Source {
        let earned = Int((now - source.since) / interval)
        guard source.left + earned < burst else { return Source(left: burst, since: now) }
        return Source(left: source.left + earned, since: source.since + interval * earned)
    }
}
