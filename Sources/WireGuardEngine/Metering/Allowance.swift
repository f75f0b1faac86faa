/// What is left of a peer's limits while it uses them, under the lock of its account.
struct Allowance {
    private(set) var limits: PeerLimits
    /// With the rates that hold now.
    private var buckets = RateBuckets()
    /// Of the quota; nil without one.
    private var left: UInt64?

    /// - Parameter usage: of the account, whose counting is `counting`.
    init(_ limits: PeerLimits, of counting: PeerHandle, _ usage: Usage) {
        self.limits = limits
        begin(of: counting, usage)
    }

    /// Other limits do not fill a bucket.
    mutating func change(to next: PeerLimits, of counting: PeerHandle, _ usage: Usage) {
        guard limits != next else { return }
        limits = next
        begin(of: counting, usage)
    }

    /// Takes a packet's bytes where they are within the limits.
    @inline(__always)
    mutating func take(
        _ length: Int,
        _ direction: Usage.Direction,
        at now: Instant
    ) -> LimitVerdict {
        if let left, left < UInt64(length) {
            // The quota ends with the first packet that its rest is too small for.
            if left > 0 { setLeft(0) }
            if case .block? = limits.quota?.action { return .refused(.quotaUsedUp) }
        }
        let verdict = buckets.take(length, direction, at: now)
        guard verdict != .exceeds else { return .refused(.rateExceeded) }
        if let left, left > 0 {
            let rest = left - UInt64(length)
            if rest > 0 { self.left = rest } else { setLeft(0) }
        }
        return verdict == .passesMarked ? .passesMarked : .passes
    }

    /// Bytes that were taken, and are not forwarded after all. A quota that has ended with them stays so: what is taken
    /// behind its end is not taken from it.
    mutating func giveBack(_ bytes: UInt64, _ direction: Usage.Direction) {
        buckets.giveBack(bytes, direction)
        if let left, left > 0 { self.left = left &+ bytes }
    }

    private mutating func begin(of counting: PeerHandle, _ usage: Usage) {
        setLeft(
            limits.quota.map { quota in
                let before = quota.counting == counting ? quota.counted : 0
                let total = usage.total.bytes
                let since = total > before ? total - before : 0
                return quota.left > since ? quota.left - since : 0
            }
        )
    }

    @inline(never)
    private mutating func setLeft(_ bytes: UInt64?) {
        left = bytes
        var rates = limits.rates
        if left == 0, case .throttle(let most)? = limits.quota?.action {
            rates = rates.limited(to: most)
        }
        buckets.change(to: rates)
    }
}

/// What limits say of one packet.
enum LimitVerdict {
    case passes
    /// A rate is nearly used up: TCP should learn that before it loses packets.
    case passesMarked
    case refused(DropReason)
}
