import GatewayDomain
import Synchronization

/// How many requests an API key may make: so many a second on average, and so many at once.
package struct RateLimit: Equatable, Sendable {
    package static let standard = RateLimit(perSecond: 100, burst: 200)

    package let perSecond: Int
    package let burst: Int

    package init(perSecond: Int, burst: Int) {
        self.perSecond = perSecond
        self.burst = burst
    }
}

/// A token bucket for every API key that was used lately.
final class RateLimiter: Sendable {
    /// Where a key stands after a request.
    struct Standing: Equatable {
        let limit: Int
        let remaining: Int
        /// Until the bucket is full again.
        let reset: Duration
        /// Nil when the request is admitted, otherwise when the next one will be.
        let wait: Duration?
    }

    private struct Bucket {
        var tokens: Double
        var filledAt: ContinuousClock.Instant
    }

    /// More keys at once than this are not kept: those with full buckets are forgotten.
    private static let capacity = 10_000

    private let limit: RateLimit
    private let buckets = Mutex<[APIKeyID: Bucket]>([:])

    init(_ limit: RateLimit) {
        self.limit = limit
    }

    /// Takes a token for one request.
    func take(for key: APIKeyID, at now: ContinuousClock.Instant = .now) -> Standing {
        buckets.withLock { buckets in
            if buckets.count >= Self.capacity, buckets[key] == nil { prune(&buckets, at: now) }
            var bucket = buckets[key] ?? Bucket(tokens: Double(limit.burst), filledAt: now)
            fill(&bucket, at: now)
            let isAdmitted = bucket.tokens >= 1
            if isAdmitted { bucket.tokens -= 1 }
            buckets[key] = bucket
            return Standing(
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

    private func prune(_ buckets: inout [APIKeyID: Bucket], at now: ContinuousClock.Instant) {
        buckets = buckets.filter { entry in
            var bucket = entry.value
            fill(&bucket, at: now)
            return bucket.tokens < Double(limit.burst)
        }
        if buckets.count >= Self.capacity { buckets.removeAll() }
    }
}
