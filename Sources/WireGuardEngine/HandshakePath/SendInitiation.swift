import WireGuardCrypto

/// The initiator's first message, §5.4.2, and when it is sent: on request, at most once in
/// REKEY_TIMEOUT, and again with jitter until it is answered or REKEY_ATTEMPT_TIME is over.
extension Engine {
    /// Starts a handshake with this peer, unless one is under way.
    mutating func requestSession(
        with peer: PeerPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        guard peer.pointee.addressPair != nil else { return }
        let active = activate(peer)
        guard active.pointee.initiationDue == .never else { return }
        active.pointee.attempts = 0
        let last = active.pointee.lastInitiationSent
        guard last == .never || moment.now.since(last) >= Constant.rekeyTimeout else {
            active.pointee.initiationDue = last + Constant.rekeyTimeout
            timers.schedule(peer, at: active.pointee.initiationDue)
            return
        }
        sendInitiation(to: peer, at: moment, into: &outgoing)
    }

    mutating func sendInitiation(
        to peer: PeerPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        guard let pair = peer.pointee.addressPair else { return }
        let active = activate(peer)
        let gateway = peer.pointee.gateway
        forgetPending(of: peer)
        active.pointee.attempts += 1
        active.pointee.lastInitiationSent = moment.now
        active.pointee.initiationDue = moment.now + Constant.rekeyTimeout + jitter.next()
        timers.schedule(peer, at: active.pointee.initiationDue)

        guard let message = outgoing.reserve(MessageKind.initiationLength),
            let pending = writeInitiation(to: message, for: peer, at: moment)
        else { return }
        gateway.pointee.pendingInitiations[pending.localIndex] = peer.pointee.handle
        active.pointee.handshake = pending
        active.pointee.lastMAC1 = PublicIdentity(peer.pointee.publicKey).sign(
            initiation: message,
            cookie: validCookie(of: active, at: moment.now)
        )
        let isSent = outgoing.append(
            message,
            MessageKind.initiationLength,
            from: gateway.pointee.handle,
            to: pair,
            merging: false
        )
        guard isSent else {
            gateway.pointee.drops.record(.batchFull)
            return
        }
        recordHandshakeSent(to: peer, bytes: MessageKind.initiationLength, at: moment)
    }

    private func writeInitiation(
        to message: UnsafeMutablePointer<UInt8>,
        for peer: PeerPointer,
        at moment: Moment
    ) -> InitiatorHandshake? {
        let gateway = peer.pointee.gateway
        guard let staticShared = staticShared(with: peer) else { return nil }
        let stamp = max(TAI64N(moment.wall), gateway.pointee.newestTimestampSent.next)
        gateway.pointee.newestTimestampSent = stamp
        return InitiatorHandshake(
            writingTo: message,
            from: gateway.pointee.identity,
            to: peer.pointee.publicKey,
            staticShared: staticShared,
            ephemeral: X25519.generatePrivateKey(filledBy: random.callAsFunction),
            index: makeIndex(for: peer),
            stamp: stamp
        )
    }

    /// DH of both static keys, computed when first needed: configuring a peer costs no curve
    /// operation. Nil for a key of low order.
    func staticShared(with peer: PeerPointer) -> SecretKey? {
        if let known = peer.pointee.staticShared { return known }
        let made = X25519.sharedSecret(
            peer.pointee.gateway.pointee.identity.privateKey,
            peer.pointee.publicKey
        )
        peer.pointee.staticShared = made
        return made
    }

    /// Forgets the initiation under way: it was answered, given up or replaced by a newer one.
    func forgetPending(of peer: PeerPointer) {
        guard let active = peer.pointee.active, let pending = active.pointee.handshake else {
            return
        }
        peer.pointee.gateway.pointee.pendingInitiations[pending.localIndex] = nil
        active.pointee.handshake = nil
    }

    func abandonHandshake(of peer: PeerPointer) {
        forgetPending(of: peer)
        peer.pointee.active?.pointee.initiationDue = .never
        peer.pointee.active?.pointee.attempts = 0
    }

    func validCookie(
        of active: UnsafeMutablePointer<ActivePeer>,
        at now: Instant
    ) -> Digest16? {
        guard let cookie = active.pointee.cookie,
            now.since(cookie.receivedAt) + Constant.cookieLatency < Constant.cookieLifetime
        else { return nil }
        return cookie.value
    }

    mutating func recordHandshakeSent(to peer: PeerPointer, bytes: Int, at moment: Moment) {
        _ = recordSent(to: peer, packets: 1, bytes: UInt64(bytes), data: false, at: moment.now)
    }
}

extension PublicKey {
    func write(to bytes: UnsafeMutablePointer<UInt8>) {
        withBytes { key in
            UnsafeMutableRawBufferPointer(start: bytes, count: key.count).copyMemory(from: key)
        }
    }
}
