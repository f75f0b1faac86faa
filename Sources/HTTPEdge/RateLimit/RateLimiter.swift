package import FoundationEssentials
import Synchronization

/// How often a sender may do something: `perSecond` times on average, and `burst` times at once.
package struct RateLimit: Equatable, Sendable {
    /// Requests of one API key.
    package static let standard = RateLimit(perSecond: 100, burst: 200)

    package let perSecond: Int
    package let burst: Int

    package init(perSecond: Int, burst: Int) {
        self.perSecond = perSecond
        self.burst = burst
    }
}

/// What a sender has left of its rate limit after a request.
package struct RateQuota: Equatable, Sendable {
    let limit: Int
    let remaining: Int
    /// Until the bucket is full again.
    let reset: Duration
    /// Nil when the request is admitted, otherwise when the next one will be.
    package let wait: Duration?
}

/// A token bucket for each sender that came lately. The engine's limiters, which may not read a clock or
/// use a table like this, are apart from it.
package final class RateLimiter: Sendable {
    /// One type for all limits: a generic one would not be specialized in other modules.
    package enum Sender: Hashable, Sendable {
        /// The id of what a sender has shown, such as an API key.
        case credential(UUID)
        /// The address that requests come from.
        case source(String)
    }

    private struct Bucket {
        var tokens: Double
        var filledAt: ContinuousClock.Instant
    }

    /// More than this are not kept: those with full buckets are forgotten first.
    private static let capacity = 10_000

    private let limit: RateLimit
    private let now: @Sendable () -> ContinuousClock.Instant
    private let buckets = Mutex<[Sender: Bucket]>([:])

    package init(
        _ limit: RateLimit,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.limit = limit
        self.now = now
    }

    /// Takes a token for one request.
    package func take(for sender: Sender) -> RateQuota {
        take(for: sender, at: now())
    }

    func take(for sender: Sender, at now: ContinuousClock.Instant) -> RateQuota {
        buckets.withLock { buckets in
            if buckets.count >= Self.capacity, buckets[sender] == nil { prune(&buckets, at: now) }
            var bucket = buckets[sender] ?? Bucket(tokens: Double(limit.burst), filledAt: now)
            fill(&bucket, at: now)
            let isAdmitted = bucket.tokens >= 1
            if isAdmitted { bucket.tokens -= 1 }
            buckets[sender] = bucket
            return RateQuota(
                limit: limit.burst,
                remaining: Int(bucket.tokens),
                reset: time(for: Double(limit.burst) - bucket.tokens),
                wait: isAdmitted ? nil : time(for: 1 - bucket.tokens)
            )
        }
    }

    private func fill(_ bucket: inout Bucket, at now: ContinuousClock.Instant) {
        let earned = max((now - bucket.filledAt) / .seconds(1), 0) * Double(limit.perSecond)
        bucket.tokens = min(bucket.tokens + earned, Double(limit.burst))
        bucket.filledAt = now
    }

    private func time(for tokens: Double) -> Duration {
        .seconds(tokens / Double(limit.perSecond))
    }

    private func prune(_ buckets: inout [Sender: Bucket], at now: ContinuousClock.Instant) {
        buckets = buckets.filter { entry in
            var bucket = entry.value
            fill(&bucket, at: now)
            return bucket.tokens < Double(limit.burst)
        }
        if buckets.count >= Self.capacity { buckets.removeAll() }
    }
}
