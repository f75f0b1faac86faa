import NetAddress
import WireGuardCrypto

/// §5.3: the first MAC is always checked; under load, also a cookie that proves the sender's
/// address, and a rate limit per address.
extension Engine {
    /// Nil when the message is worth curve operations, otherwise why it is dropped.
    mutating func admit(
        _ message: some AuthenticatedMessage,
        on gateway: GatewayPointer,
        from pair: AddressPair,
        in turn: inout Turn
    ) -> DropReason? {
        guard gateway.pointee.identity.publicIdentity.isAddressed(by: message) else {
            return .badMAC1
        }
        guard load.isUnderLoad(at: turn.now) else { return nil }

        let cookie = gateway.pointee.cookies.cookie(for: pair.remote, at: turn.now, random: random)
        guard cookie.isProven(by: message) else {
            guard load.mayReply(with: cookie, at: turn.now) else { return .handshakeRateLimited }
            sendCookieReply(cookie, to: message, on: gateway, at: pair, in: &turn)
            return .cookieRequired
        }
        return load.mayHandshake(pair.remote.address, at: turn.now) ? nil : .handshakeRateLimited
    }
}
