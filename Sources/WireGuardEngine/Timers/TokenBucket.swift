/// So many events a second and no more, with a burst; the generic cell rate algorithm, one word of
/// state.
struct TokenBucket {
    /// Until when the allowance is used up; at most `burst` intervals ahead of the present.
    private var debtUntil = Instant.never

    /// True when one more event is within the limit, which it then counts against.
    mutating func take(at now: Instant, every interval: Interval, burst: UInt64) -> Bool {
        let start = max(debtUntil, now)
        guard
            start.nanoseconds - now.nanoseconds <= interval.nanoseconds &* (burst - 1)
        else { return false }
        debtUntil = start + interval
        return true
    }

    /// Nothing is owed any more: forgetting this bucket changes nothing.
    func isFull(at now: Instant) -> Bool { debtUntil <= now }
}
