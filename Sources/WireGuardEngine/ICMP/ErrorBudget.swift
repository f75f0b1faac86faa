/// How many ICMP errors one peer is sent: 64 at once, and a thousand a second. Each peer has its own,
/// so that a storm of errors to one leaves the others theirs; idle ones have it too, so it is small.
struct ErrorBudget {
    private static let burst: UInt32 = 64

    /// Until when it is used up, a millisecond for each error, in the lower bits of the clock.
    private var debtUntil: UInt32 = 0

    /// True when one more error is within the budget, which it then counts against.
    mutating func take(at now: Instant) -> Bool {
        let present = UInt32(truncatingIfNeeded: now.nanoseconds / 1_000_000)
        let ahead = debtUntil &- present
        // More than a burst ahead is the past, or a clock that went back.
        let debt = ahead <= Self.burst ? ahead : 0
        guard debt < Self.burst else { return false }
        debtUntil = present &+ debt &+ 1
        return true
    }
}
