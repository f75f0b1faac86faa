/// A token bucket of bytes: the generic cell rate algorithm (ITU-T I.371), as `TokenBucket` for events. Several workers may
/// use one, whose clocks are read at the beginning of their batches and so differ by little; the older one's packets meet
/// the bucket as the newer one's have left it.
///
/// The burst is a quarter of a second. A bucket has no queue, so TCP loses packets whenever it is empty, and stands still
/// for 200 ms where it loses a repeated one (RFC 6298, as Linux has it). What a bucket holds less than that, such a
/// connection cannot make up for, and falls short of the rate.
struct RateBucket: Equatable {
    enum RateVerdict {
        case passes
        /// It is nearly empty: TCP should learn that before it loses packets.
        case passesMarked
        case exceeds
    }

    private static let burstTime: UInt64 = 250_000_000 * sixteenths
    /// So that a connection has some packets under way at any rate.
    private static let leastBurst = 32_768
    /// More than the clocks of two workers differ by.
    private static let slack: UInt64 = 1_000_000_000 * sixteenths
    /// Times are sixteenths of a nanosecond: a packet of 64 bytes takes 51.2 ns at 10 Gbit/s.
    private static let sixteenths: UInt64 = 16
    static let leastRate: UInt64 = 1_000

    let rate: UInt64
    /// What one byte takes, in 2⁻²⁴ ns.
    private let perByte: UInt64
    private let burst: UInt64
    /// Until when the rate is used up; at most a burst ahead of the present, or one packet.
    private var debtUntil: UInt64 = 0

    /// - Parameter rate: bits per second; less than `leastRate` counts as that.
    init(rate: UInt64) {
        self.rate = max(rate, Self.leastRate)
        perByte = (8_000_000_000 << 24) / self.rate
        burst = max(Self.burstTime, Self.time(of: Self.leastBurst, perByte))
    }

    /// Another rate. What is owed stays owed, in time.
    mutating func change(to rate: UInt64) {
        guard max(rate, Self.leastRate) != self.rate else { return }
        let debtUntil = debtUntil
        self = RateBucket(rate: rate)
        self.debtUntil = debtUntil
    }

    /// Takes a packet's bytes where they are within the rate. A packet larger than a burst passes when nothing is owed.
    @inline(__always)
    mutating func take(_ length: Int, at now: Instant) -> RateVerdict {
        let present = now.nanoseconds &* Self.sixteenths
        var debt = debtUntil > present ? debtUntil &- present : 0
        if debt > 2 &* burst &+ Self.slack {
            // The clock went back.
            debt = burst
            debtUntil = present &+ debt
        }
        let next = debt &+ Self.time(of: length, perByte)
        guard next <= burst || debt == 0 else { return .exceeds }
        debtUntil = present &+ next
        return next > burst &- burst / 8 ? .passesMarked : .passes
    }

    /// Bytes that were taken at the present time.
    mutating func giveBack(_ bytes: UInt64) {
        let time = Self.time(of: Int(bytes), perByte)
        debtUntil = debtUntil > time ? debtUntil &- time : 0
    }

    @inline(__always)
    private static func time(of length: Int, _ perByte: UInt64) -> UInt64 {
        (UInt64(length) &* perByte) >> 20
    }
}

/// The buckets of an account: one for each direction that has a rate.
struct RateBuckets {
    private var received: RateBucket?
    private var sent: RateBucket?

    init() {}

    var isEmpty: Bool { received == nil && sent == nil }

    mutating func change(to rates: Rates) {
        Self.change(&received, to: rates.received)
        Self.change(&sent, to: rates.sent)
    }

    @inline(__always)
    mutating func take(
        _ length: Int,
        _ direction: Usage.Direction,
        at now: Instant
    ) -> RateBucket.RateVerdict {
        switch direction {
        case .received: received?.take(length, at: now) ?? .passes
        case .sent: sent?.take(length, at: now) ?? .passes
        }
    }

    mutating func giveBack(_ bytes: UInt64, _ direction: Usage.Direction) {
        switch direction {
        case .received: received?.giveBack(bytes)
        case .sent: sent?.giveBack(bytes)
        }
    }

    private static func change(_ bucket: inout RateBucket?, to rate: UInt64?) {
        guard let rate else {
            bucket = nil
            return
        }
        if bucket == nil { bucket = RateBucket(rate: rate) } else { bucket?.change(to: rate) }
    }
}
