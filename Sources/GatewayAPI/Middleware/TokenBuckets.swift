import Synchronization

/// How often somebody may do something: so many times a second on average, and so many at once.
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

/// Where somebody stands with a limit after a request.
struct RateStanding: Equatable {
    let limit: Int
    let remaining: Int
    /// Until the bucket is full again.
    let reset: Duration
    /// Nil when the request is admitted, otherwise when the next one will be.
    let wait: Duration?
}

/// A token bucket for everybody who came lately.
final class TokenBuckets<Owner: Hashable & Sendable>: Sendable {
    private struct Bucket {
        var tokens: Double
        var filledAt: ContinuousClock.Instant
    }

    /// More than this are not kept: those with full buckets are forgotten first.
    private static var capacity: Int { 10_000 }

    private let limit: RateLimit
    private let buckets = Mutex<[Owner: Bucket]>([:])

    init(_ limit: RateLimit) {
        self.limit = limit
    }

    /// Takes a token for one request.
    func take(for owner: Owner, at now: ContinuousClock.Instant = .now) -> RateStanding {
        buckets.withLock { buckets in
            if buckets.count >= Self.capacity, buckets[owner] == nil { prune(&buckets, at: now) }
            var bucket = buckets[owner] ?? Bucket(tokens: Double(limit.burst), filledAt: now)
            fill(&bucket, at: now)
            let isAdmitted = bucket.tokens >= 1
            if isAdmitted { bucket.tokens -= 1 }
            buckets[owner] = bucket
            return RateStanding(
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

    private func prune(_ buckets: inout [Owner: Bucket], at now: ContinuousClock.Instant) {
        buckets = buckets.filter { entry in
            var bucket = entry.value
            fill(&bucket, at: now)
            return bucket.tokens < Double(limit.burst)
        }
        if buckets.count >= Self.capacity { buckets.removeAll() }
    }
}
