import NetAddress

/// How busy handshakes keep the engine. It is under load from the moment at which more than one
/// message per `interval` arrived, beyond a `burst`, and for `cooling` after it, as in Linux.
struct HandshakeLoad {
    /// 500 a second: a fourteenth of the handshakes that one core completes (BENCHMARKS.md), so that
    /// packets keep flowing meanwhile.
    static let interval = Interval.milliseconds(2)
    static let burst: UInt64 = 256
    static let cooling = Interval.seconds(1)

    /// Per source address, as in Linux: 20 a second, 5 at once.
    static let perSourceInterval = Interval.milliseconds(50)
    static let perSourceBurst: UInt64 = 5
    static let maximumSources = 8192

    /// Senders without a cookie are hashed to this many buckets; each bucket gets one cookie reply per
    /// `replyInterval`. So a flood from one sender does not keep others from their cookies, and all
    /// replies together cost a tenth of a core.
    static let replyBuckets = 16_384
    static let replyInterval = Interval.seconds(1)

    private var bucket = TokenBucket()
    private var underLoadUntil = Instant.never
    private var sources: [IPAddress: TokenBucket] = [:]
    /// By bucket; allocated when the first reply is due.
    private var repliedAt: [Instant] = []

    /// Asked once per handshake message with a good `mac1`, which it counts.
    mutating func isUnderLoad(at now: Instant) -> Bool {
        if !bucket.take(at: now, every: Self.interval, burst: Self.burst) {
            underLoadUntil = now + Self.cooling
        }
        return now < underLoadUntil
    }

    /// Whether the sender that this cookie is for gets a reply now. The cookie is a keyed hash of its
    /// address, so a sender cannot choose the bucket of another.
    mutating func mayReply(with cookie: Digest16, at now: Instant) -> Bool {
        if repliedAt.isEmpty {
            repliedAt = Array(repeating: .never, count: Self.replyBuckets)
        }
        let bucket = Int(cookie.prefix % UInt64(Self.replyBuckets))
        let last = repliedAt[bucket]
        guard last == .never || now.since(last) >= Self.replyInterval else { return false }
        repliedAt[bucket] = now
        return true
    }

    /// Whether an address that a cookie has proven is within its rate. IPv6 senders are counted by
    /// /64, the smallest network that one customer gets.
    mutating func mayHandshake(_ address: IPAddress, at now: Instant) -> Bool {
        let source = Self.customer(of: address)
        if sources[source] == nil, sources.count >= Self.maximumSources {
            sources = sources.filter { !$0.value.isFull(at: now) }
            guard sources.count < Self.maximumSources else { return false }
        }
        return sources[source, default: TokenBucket()].take(
            at: now,
            every: Self.perSourceInterval,
            burst: Self.perSourceBurst
        )
    }

    static func customer(of address: IPAddress) -> IPAddress {
        guard case .v6(let full) = address else { return address }
        return .v6(IPv6Address(high: full.high, low: 0))
    }
}
