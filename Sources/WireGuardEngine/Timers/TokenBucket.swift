/// Limits a rate of events, with a burst; the generic cell rate algorithm (ITU-T I.371), one word of
/// state.
struct TokenBucket {
    /// Until when the allowance is used up; at most `burst` intervals ahead of the present.
    private var debtUntil = Instant.never

    /// True when one more event is within the limit, which it then counts against.
    mutating func take(at now: Instant, every interval: Interval, burst: UInt64) -> Bool {
        let most = Interval(nanoseconds: interval.nanoseconds &* burst)
        // More is owed only after the clock went back.
        let debt = min(debtUntil.since(now), most)
        let isWithinLimit = debt + interval <= most
        debtUntil = now + (isWithinLimit ? debt + interval : debt)
        return isWithinLimit
    }

    /// Nothing is owed any more: forgetting this bucket changes nothing.
    func isFull(at now: Instant) -> Bool { debtUntil <= now }
}
