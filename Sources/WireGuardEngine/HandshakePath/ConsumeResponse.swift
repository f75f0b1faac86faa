/// The initiator: the response to our initiation completes the session, §5.4.3.
extension Engine {
    /// Nil when the session is up, otherwise why the message was dropped; a dropped message has
    /// changed nothing.
    mutating func consumeResponse(
        _ message: UnsafeMutablePointer<UInt8>,
        on gateway: GatewayPointer,
        from pair: AddressPair,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) -> DropReason? {
        let receiver = message.little32(at: ResponseLayout.receiver)
        guard let handle = gateway.pointee.pendingInitiations[receiver],
            let peer = peers.find(handle), let active = peer.pointee.active,
            let pending = active.pointee.handshake, pending.localIndex == receiver
        else { return .unexpectedHandshake }
        let noise = pending.noise(
            after: message,
            for: gateway.pointee.identity,
            presharedKey: peer.pointee.presharedKey
        )
        guard let noise else {
            noteTrouble(of: peer) { $0.answerWasRefused(at: moment.wall) }
            return .forged
        }

        let session = makeSession(
            for: peer,
            localIndex: receiver,
            remoteIndex: message.little32(at: ResponseLayout.sender),
            isInitiator: true,
            noise: noise,
            at: moment.now
        )
        forgetPending(of: peer)
        installAsInitiator(session, for: peer, at: moment.now)
        recordHandshakeReceived(from: peer, on: pair, bytes: MessageKind.responseLength, at: moment)
        completeHandshake(with: peer, at: moment, into: &outgoing)
        return nil
    }

    /// §5.4.7: the peer is under load and asks for proof of our address. The next message to it
    /// carries the cookie. A cookie reply does not move the endpoint: it does not prove the sender.
    func consumeCookieReply(
        _ message: UnsafeMutablePointer<UInt8>,
        on gateway: GatewayPointer,
        at now: Instant
    ) -> DropReason? {
        let receiver = message.little32(at: CookieReplyLayout.receiver)
        let handle =
            gateway.pointee.pendingInitiations[receiver]
            ?? gateway.pointee.sessions.find(receiver)?.pointee.peer.pointee.handle
        guard let handle, let peer = peers.find(handle), let active = peer.pointee.active,
            let mac1 = active.pointee.lastMAC1
        else { return .unexpectedHandshake }
        let identity = PublicIdentity(peer.pointee.publicKey)
        guard let cookie = identity.openCookie(in: message, sentMAC1: mac1) else { return .forged }
        active.pointee.cookie = (cookie, now)
        // A replay of this reply must not make the cookie younger than it is.
        active.pointee.lastMAC1 = nil
        return nil
    }
}
