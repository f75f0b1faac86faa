/// How often a sender may do something: once in each `interval` on average, and `burst` times at once.
package struct RateLimit: Equatable, Sendable {
    /// Requests of one API key.
    package static let standard = RateLimit(perSecond: 100, burst: 200)

    package let interval: Duration
    package let burst: Int

    package init(every interval: Duration, burst: Int) {
        self.interval = interval
        self.burst = burst
    }

    package init(perSecond: Int, burst: Int) {
        self.init(every: .seconds(1) / perSecond, burst: burst)
    }

    /// On average, rounded.
    package var perSecond: Int { Int((.seconds(1) / interval).rounded()) }
}

/// What a sender has left of its rate limit after a request.
package struct RateQuota: Equatable, Sendable {
    package let limit: Int
    package let remaining: Int
    /// Until the bucket is full again.
    package let reset: Duration
    /// Nil when the request is admitted, otherwise when the next one will be.
    package let wait: Duration?
}

/// A clock that runs evenly, whatever is done to the time of day.
package typealias MonotonicClock = @Sendable () -> ContinuousClock.Instant

extension Duration {
    /// Rounded up to whole seconds, as `Retry-After` needs.
    package var roundedUpSeconds: Int64 {
        let (seconds, attoseconds) = components
        return attoseconds > 0 ? seconds + 1 : seconds
    }
}
