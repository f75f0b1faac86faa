package import FoundationEssentials
import Synchronization

/// A token bucket for each sender that came lately. The engine's limiters, which may not read a clock or
/// use a table like this, are apart from it.
package final class RateLimiter: Sendable {
    /// One type for all limits: a generic one would not be specialized in other modules.
    package enum Sender: Hashable, Sendable {
        /// The id of what a sender has shown, such as an API key.
        case credential(UUID)
        /// Where requests come from.
        case source(SourceNetwork)
        /// By the name as it was typed, whether there is such a user or not.
        case name(String)
        /// A user at an address that it is known at.
        case familiar(name: String, source: SourceNetwork)
    }

    private let limit: RateLimit
    private let capacity: Int
    private let now: MonotonicClock
    /// When the bucket of each sender will be full again. That says all about a bucket: it lacks one token
    /// for each `interval` until then. A sender that is not here has a full one.
    private let fullAt = Mutex<[Sender: ContinuousClock.Instant]>([:])

    /// - Parameter capacity: buckets that are kept at most.
    package init(
        _ limit: RateLimit,
        capacity: Int = 10_000,
        now: @escaping MonotonicClock = { .now }
    ) {
        self.limit = limit
        self.capacity = capacity
        self.now = now
    }

    /// How long the sender has to wait before it gets a token; nil where it gets one. Takes none.
    package func wait(for sender: Sender) -> Duration? {
        let now = now()
        guard let full = fullAt.withLock({ $0[sender] }) else { return nil }
        let wait = full - now + limit.interval - limit.interval * limit.burst
        return wait > .zero ? wait : nil
    }

    /// Takes a token for one request.
    package func take(for sender: Sender) -> RateQuota {
        take(for: sender, at: now())
    }

    func take(for sender: Sender, at now: ContinuousClock.Instant) -> RateQuota {
        let most = limit.interval * limit.burst
        return fullAt.withLock { fullAt in
            var missing = max((fullAt[sender] ?? now) - now, .zero)
            let wait = missing + limit.interval - most
            if wait <= .zero {
                if fullAt.count >= capacity, fullAt[sender] == nil { makeRoom(&fullAt) }
                missing += limit.interval
                fullAt[sender] = now + missing
            }
            return RateQuota(
                limit: limit.burst,
                remaining: max(Int((most - missing) / limit.interval), 0),
                reset: missing,
                wait: wait <= .zero ? nil : wait
            )
        }
    }

    var count: Int { fullAt.withLock(\.count) }

    /// Forgets a quarter: the buckets that are full, or nearest to it. A sender that has used up its own keeps
    /// waiting, however many others come.
    private func makeRoom(_ fullAt: inout [Sender: ContinuousClock.Instant]) {
        let kept = fullAt.sorted { $0.value < $1.value }.dropFirst((capacity + 3) / 4)
        fullAt = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
