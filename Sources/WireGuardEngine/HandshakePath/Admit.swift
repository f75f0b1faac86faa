import NetAddress
import WireGuardCrypto

/// The doorkeeper of §5.3: `mac1` always; under load, a cookie that proves the sender's address,
/// and then so many handshakes per address and no more.
extension Engine {
    /// Nil when the message may cost us curve operations, otherwise why not.
    mutating func admit(
        _ message: UnsafeMutablePointer<UInt8>,
        mac1: Range<Int>,
        mac2: Range<Int>,
        on gateway: GatewayPointer,
        from path: Path,
        at now: Instant,
        into outgoing: inout OutgoingBatch
    ) -> DropReason? {
        let expected = gateway.pointee.identity.address.mac1Key.withBytes {
            Digest16(key: $0, message.bytes(0..<mac1.lowerBound))
        }
        guard expected.equalsInConstantTime(message.bytes(mac1)) else { return .badMAC1 }
        guard load.isUnderLoad(at: now) else { return nil }

        let cookie = gateway.pointee.cookies.cookie(for: path.remote, at: now, random: random)
        guard Self.isProven(message, mac2: mac2, by: cookie) else {
            guard load.mayReply(with: cookie, at: now) else { return .handshakeRateLimited }
            sendCookieReply(
                cookie,
                to: message,
                mac1: mac1,
                on: gateway,
                path: path,
                into: &outgoing
            )
            return .cookieRequired
        }
        return load.mayHandshake(path.remote.address, at: now) ? nil : .handshakeRateLimited
    }

    private static func isProven(
        _ message: UnsafeMutablePointer<UInt8>,
        mac2: Range<Int>,
        by cookie: Digest16
    ) -> Bool {
        let theirs = message.bytes(mac2)
        // Whoever has no cookie sends zeros, and needs no arithmetic to be told so.
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
        path: Path,
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
        gateway.pointee.identity.address.cookieKey.withBytes { key in
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
            to: path,
            merging: false
        )
    }
}

/// How busy handshakes keep us. Under load means: more of them than `rate` a second, and the
/// second after the last one too many, as in Linux.
struct HandshakeLoad {
    /// An eighth of what one core completes, so that packets keep flowing meanwhile.
    static let interval = Interval.milliseconds(2)
    static let burst: UInt64 = 256
    static let cooling = Interval.seconds(1)

    /// Per source address, as in Linux: 20 a second, 5 at once.
    static let perSourceInterval = Interval.milliseconds(50)
    static let perSourceBurst: UInt64 = 5
    static let maximumSources = 8192

    /// Senders without a cookie share this many places by chance, and for each place a reply is
    /// sent so often: a sender's own flood does not keep others from their cookies, and all replies
    /// together cost a tenth of a core.
    static let replyPlaces = 16_384
    static let replyInterval = Interval.seconds(1)

    private var bucket = TokenBucket()
    private var underLoadUntil = Instant.never
    private var sources: [IPAddress: TokenBucket] = [:]
    /// Made when the first reply is due.
    private var repliedAt: [Instant] = []

    /// Asked once per handshake message with a good `mac1`, which it counts.
    mutating func isUnderLoad(at now: Instant) -> Bool {
        if !bucket.take(at: now, every: Self.interval, burst: Self.burst) {
            underLoadUntil = now + Self.cooling
        }
        return now < underLoadUntil
    }

    /// The sender that this cookie is for has none yet; does it get it now? The cookie is a keyed
    /// hash of its address, so nobody can choose to share another's place.
    mutating func mayReply(with cookie: Digest16, at now: Instant) -> Bool {
        if repliedAt.isEmpty {
            repliedAt = Array(repeating: .never, count: Self.replyPlaces)
        }
        let place = Int(cookie.prefix % UInt64(Self.replyPlaces))
        let last = repliedAt[place]
        guard last == .never || now.since(last) >= Self.replyInterval else { return false }
        repliedAt[place] = now
        return true
    }

    /// The address has proven itself with a cookie; is it within its share? IPv6 senders are
    /// counted by /64, the least that one customer gets.
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

    private static func customer(of address: IPAddress) -> IPAddress {
        guard case .v6(let full) = address else { return address }
        return .v6(IPv6Address(high: full.high, low: 0))
    }
}
