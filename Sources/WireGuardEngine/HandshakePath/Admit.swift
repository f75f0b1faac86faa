import NetAddress
import WireGuardCrypto

/// §5.3: the first MAC is always checked; under load, also a cookie that proves the sender's
/// address, and a rate limit per address.
extension Engine {
    /// Nil when the message is worth curve operations, otherwise why it is dropped.
    mutating func admit(
        _ message: UnsafeMutablePointer<UInt8>,
        mac1: Range<Int>,
        mac2: Range<Int>,
        on gateway: GatewayPointer,
        from pair: AddressPair,
        at now: Instant,
        into outgoing: inout OutgoingBatch
    ) -> DropReason? {
        let expected = gateway.pointee.identity.publicIdentity.mac1Key.withBytes {
            Digest16(key: $0, message.bytes(0..<mac1.lowerBound))
        }
        guard expected.equalsInConstantTime(message.bytes(mac1)) else { return .badMAC1 }
        guard load.isUnderLoad(at: now) else { return nil }

        let cookie = gateway.pointee.cookies.cookie(for: pair.remote, at: now, random: random)
        guard Self.isProven(message, mac2: mac2, by: cookie) else {
            guard load.mayReply(with: cookie, at: now) else { return .handshakeRateLimited }
            sendCookieReply(
                cookie,
                to: message,
                mac1: mac1,
                on: gateway,
                at: pair,
                into: &outgoing
            )
            return .cookieRequired
        }
        return load.mayHandshake(pair.remote.address, at: now) ? nil : .handshakeRateLimited
    }

    private static func isProven(
        _ message: UnsafeMutablePointer<UInt8>,
        mac2: Range<Int>,
        by cookie: Digest16
    ) -> Bool {
        let theirs = message.bytes(mac2)
        // A sender without a cookie leaves the field zero: no hash is computed for it.
        guard theirs.contains(where: { $0 != 0 }) else { return false }
        let proof = cookie.withBytes { Digest16(key: $0, message.bytes(0..<mac2.lowerBound)) }
        return proof.equalsInConstantTime(theirs)
    }

    /// §5.4.7. It is bound to the message that it answers, and is not larger.
    private func sendCookieReply(
        _ cookie: Digest16,
        to request: UnsafeMutablePointer<UInt8>,
        mac1: Range<Int>,
        on gateway: GatewayPointer,
        at pair: AddressPair,
        into outgoing: inout OutgoingBatch
    ) {
        guard let reply = outgoing.reserve(MessageKind.cookieReplyLength) else { return }
        reply.storeLittle(3 as UInt32, at: 0)
        // Both messages carry their sender's index at the same place.
        reply.storeLittle(
            request.little32(at: InitiationLayout.sender),
            at: CookieReplyLayout.receiver
        )
        let nonce = CookieReplyLayout.nonce
        random(UnsafeMutableRawBufferPointer(start: reply + nonce.lowerBound, count: nonce.count))
        let field = reply + CookieReplyLayout.sealedCookie.lowerBound
        cookie.write(to: field)
        gateway.pointee.identity.publicIdentity.cookieKey.withBytes { key in
            XChaCha20Poly1305.seal(
                field,
                count: 16,
                key: key,
                nonce: reply.bytes(nonce),
                additional: request.bytes(mac1)
            )
        }
        _ = outgoing.append(
            reply,
            MessageKind.cookieReplyLength,
            from: gateway.pointee.handle,
            to: pair,
            merging: false
        )
    }
}

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
