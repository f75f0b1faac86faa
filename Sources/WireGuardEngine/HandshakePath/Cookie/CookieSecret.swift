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
