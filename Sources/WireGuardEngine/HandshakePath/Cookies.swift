import NetAddress
import WireGuardCrypto

/// The responder's side of §5.4.7: a secret that changes every two minutes, and the cookie that it
/// makes of a sender's address and port.
struct CookieSecret {
    private var secret: SecretKey?
    private var madeAt = Instant.never

    mutating func cookie(for sender: Endpoint, at now: Instant, random: RandomSource) -> Digest16 {
        if secret == nil || now.since(madeAt) >= Constant.cookieLifetime {
            secret = SecretKey(filledBy: random.callAsFunction)
            madeAt = now
        }
        guard let secret else { preconditionFailure("the secret was made above") }
        return secret.withBytes { key in
            Self.withBytes(of: sender) { Digest16(key: key, $0) }
        }
    }

    /// Address and port, so that other hosts behind the same address cannot use the cookie; and the
    /// zone, since a link-local address is another host's on another link.
    private static func withBytes<R>(
        of sender: Endpoint,
        _ body: (UnsafeRawBufferPointer) -> R
    ) -> R {
        switch sender.address {
        case .v4(let address):
            withUnsafeBytes(of: (address.bits, sender.port)) { all in
                body(UnsafeRawBufferPointer(rebasing: all[0..<6]))
            }
        case .v6(let address):
            withUnsafeBytes(of: (address.high, address.low, sender.zone, sender.port)) { all in
                body(UnsafeRawBufferPointer(rebasing: all[0..<22]))
            }
        }
    }
}

/// `mac1` and `mac2` of an outgoing handshake message, §5.4.4.
enum HandshakeMACs {
    /// Fills in both; `mac2` stays zero without a cookie. Returns `mac1`, which a cookie reply to
    /// this message is bound to.
    static func write(
        to message: UnsafeMutablePointer<UInt8>,
        mac1: Range<Int>,
        mac2: Range<Int>,
        receiver: PublicIdentity,
        cookie: Digest16?
    ) -> Digest16 {
        let first = receiver.mac1Key.withBytes {
            Digest16(key: $0, message.bytes(0..<mac1.lowerBound))
        }
        first.write(to: message + mac1.lowerBound)
        guard let cookie else {
            (message + mac2.lowerBound).update(repeating: 0, count: mac2.count)
            return first
        }
        let second = cookie.withBytes { Digest16(key: $0, message.bytes(0..<mac2.lowerBound)) }
        second.write(to: message + mac2.lowerBound)
        return first
    }
}
