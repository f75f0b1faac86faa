/// What is left of an account's limits while they are used, under its lock.
struct Allowance {
    private var rates = Rates()
    /// With the rates that hold now.
    private var buckets = RateBuckets()
    private var quota: RunningQuota?

    /// No packet is larger, whatever a network's MTU is.
    fileprivate static let largestPacket: UInt64 = 9_200

    fileprivate struct RunningQuota {
        /// What the account will have counted when it is used up.
        var end: UInt64
        /// Zero once it has ended.
        var left: UInt64
        var action: Quota.Action
    }

    var isEmpty: Bool { quota == nil && buckets.isEmpty }

    var hasQuota: Bool { quota != nil }

    /// Takes over a configuration. Rates that are as they were fill no bucket, and a quota that there is goes on. One that has
    /// ended goes on with what was given back since, as with `set`.
    mutating func adopt(_ rates: Rates, _ initial: Quota?, at reading: Reading) {
        self.rates = rates
        if let initial, quota != nil {
            quota?.action = initial.action
            quota?.resume(at: reading)
        } else {
            quota = initial.map { RunningQuota($0, at: reading) }
        }
        setBuckets()
    }

    /// Another quota, or none. One that has ended stays so unless the next one ends later: what it did not have room for
    /// is not let through in pieces. Where any packet has room, it has ended with packets that were given back.
    mutating func set(_ next: Quota?, at reading: Reading) {
        var next = next.map { RunningQuota($0, at: reading) }
        if let quota, quota.left == 0, let present = next, present.end <= quota.end,
            present.left < Self.largestPacket
        {
            next?.end = quota.end
            next?.left = 0
        }
        quota = next
        setBuckets()
    }

    /// Takes a packet's bytes where they are within the limits.
    @inline(__always)
    mutating func take(
        _ length: Int,
        _ direction: Usage.Direction,
        at now: Instant
    ) -> LimitVerdict {
        if let quota, quota.left < UInt64(length) {
            // It ends with the first packet that its rest is too small for.
            if quota.left > 0 { endQuota() }
            if case .block = quota.action { return .exceedsQuota }
        }
        let verdict = buckets.take(length, direction, at: now)
        guard verdict != .exceeds else { return .exceedsRate }
        if let left = quota?.left, left > 0 {
            if left > UInt64(length) { quota?.left = left - UInt64(length) } else { endQuota() }
        }
        return verdict == .passesMarked ? .passesMarked : .passes
    }

    /// Bytes that were taken, and are not forwarded after all. A quota that has ended with them stays so until it is told
    /// again: what is taken behind its end is not taken from it.
    mutating func giveBack(_ bytes: UInt64, _ direction: Usage.Direction) {
        buckets.giveBack(bytes, direction)
        if let left = quota?.left, left > 0 { quota?.left = left &+ bytes }
    }

    @inline(never)
    private mutating func endQuota() {
        quota?.left = 0
        setBuckets()
    }

    private mutating func setBuckets() {
        if let quota, quota.left == 0, case .throttle(let most) = quota.action {
            buckets.change(to: rates.limited(to: most))
        } else {
            buckets.change(to: rates)
        }
    }
}

extension Allowance.RunningQuota {
    init(_ quota: Quota, at reading: Reading) {
        var counted = reading.counted
        if let since = quota.since {
            counted = since.counting == reading.counting ? since.counted : 0
        }
        let (sum, isOver) = counted.addingReportingOverflow(quota.left)
        end = isOver ? .max : sum
        left = Self.left(to: end, at: reading)
        action = quota.action
    }

    /// Goes on where it has ended with packets that were not forwarded after all.
    mutating func resume(at reading: Reading) {
        guard left == 0 else { return }
        let rest = Self.left(to: end, at: reading)
        if rest >= Allowance.largestPacket { left = rest }
    }

    private static func left(to end: UInt64, at reading: Reading) -> UInt64 {
        end > reading.counted ? end - reading.counted : 0
    }
}

/// What limits say of one packet.
enum LimitVerdict {
    case passes
    /// A rate is nearly used up: TCP should learn that before it loses packets.
    case passesMarked
    case exceedsRate
    case exceedsQuota
}
