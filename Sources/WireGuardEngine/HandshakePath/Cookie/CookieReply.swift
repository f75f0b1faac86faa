import WireGuardCrypto

/// §5.4.7: the answer of a gateway under load, and what its receiver does with it. It is bound to the
/// message that it answers, and is not larger.
extension Engine {
    func sendCookieReply(
        _ cookie: Digest16,
        to request: some AuthenticatedMessage,
        on gateway: GatewayPointer,
        at pair: AddressPair,
        in turn: inout Turn
    ) {
        guard let memory = turn.outgoing.reserve(CookieReplyMessage.length) else { return }
        let reply = CookieReplyMessage(memory)
        reply.writeType()
        reply.receiver = request.sender
        let nonce = reply.nonce
        random(UnsafeMutableRawBufferPointer(start: nonce.start, count: nonce.count))
        let field = reply.sealedCookie
        cookie.write(to: field.start)
        gateway.pointee.identity.publicIdentity.cookieKey.withBytes { key in
            XChaCha20Poly1305.seal(
                field.start,
                count: Digest16.length,
                key: key,
                nonce: nonce.bytes,
                additional: request.mac1.bytes
            )
        }
        _ = turn.outgoing.append(
            memory,
            CookieReplyMessage.length,
            from: gateway.handle,
            to: pair,
            merging: false
        )
    }

    /// The next message to the peer carries the cookie. A cookie reply does not move the endpoint: it
    /// does not prove the sender.
    func consumeCookieReply(
        _ reply: CookieReplyMessage,
        on gateway: GatewayPointer,
        at now: Instant
    ) -> DropReason? {
        let receiver = reply.receiver
        let handle =
            gateway.pointee.pendingInitiations[receiver]
            ?? gateway.pointee.sessions.find(receiver)?.peer.handle
        guard let handle, let peer = peers.find(handle), let active = peer.pointee.active,
            let mac1 = active.pointee.lastMAC1
        else { return .unexpectedHandshake }
        let identity = PublicIdentity(peer.pointee.publicKey)
        guard let cookie = identity.openCookie(in: reply, sentMAC1: mac1) else { return .forged }
        active.pointee.cookie = ReceivedCookie(cookie, at: now)
        // A replay of this reply must not make the cookie younger than it is.
        active.pointee.lastMAC1 = nil
        return nil
    }
}

extension PublicIdentity {
    /// Opens, in place, the cookie that this identity sent in answer to a message with this `mac1`. Nil
    /// when it is forged.
    func openCookie(in reply: CookieReplyMessage, sentMAC1: Digest16) -> Digest16? {
        let field = reply.sealedCookie
        let isAuthentic = cookieKey.withBytes { key in
            sentMAC1.withBytes { mac1 in
                XChaCha20Poly1305.open(
                    field.start,
                    count: field.count,
                    key: key,
                    nonce: reply.nonce.bytes,
                    additional: mac1
                )
            }
        }
        return isAuthentic ? Digest16(copying: field.start.bytes(0..<Digest16.length)) : nil
    }

    /// For the load generator, which has no typed messages.
    package func openCookie(
        in reply: UnsafeMutablePointer<UInt8>,
        sentMAC1: Digest16
    ) -> Digest16? {
        openCookie(in: CookieReplyMessage(reply), sentMAC1: sentMAC1)
    }
}
