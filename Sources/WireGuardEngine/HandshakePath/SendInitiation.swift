import WireGuardCrypto

/// The initiator's first message, §5.4.2, and when it is sent: on request, at most once in
/// REKEY_TIMEOUT, and again with jitter until it is answered or REKEY_ATTEMPT_TIME is over.
extension Engine {
    /// Starts a handshake with this peer, unless one is under way.
    mutating func requestSession(
        with peer: PeerPointer,
        in turn: inout Turn
    ) {
        guard peer.addressPair != nil else { return }
        guard mayConnect(peer) else {
            giveUpConnecting(peer, at: turn.moment)
            deactivate(peer)
            return
        }
        let active = activate(peer)
        guard active.pointee.handshake.isIdle else { return }
        let last = active.pointee.lastInitiationSent
        guard last == .never || turn.now.since(last) >= Constant.rekeyTimeout else {
            let due = last + Constant.rekeyTimeout
            active.pointee.handshake = .due(at: due, attempts: 0)
            timers.schedule(peer, at: due)
            return
        }
        sendInitiation(to: peer, in: &turn)
    }

    mutating func sendInitiation(
        to peer: PeerPointer,
        in turn: inout Turn
    ) {
        guard let pair = peer.addressPair else { return }
        let active = activate(peer)
        let gateway = peer.gateway
        forgetPending(of: peer)
        let attempts = active.pointee.handshake.attempts + 1
        let retryAt = turn.now + Constant.rekeyTimeout + jitter.next()
        active.pointee.lastInitiationSent = turn.now
        active.pointee.handshake = .due(at: retryAt, attempts: attempts)
        timers.schedule(peer, at: retryAt)

        guard let memory = turn.outgoing.reserve(InitiationMessage.length),
            let pending = writeInitiation(to: memory, for: peer, at: turn.moment)
        else { return }
        gateway.pointee.pendingInitiations[pending.localIndex] = peer.handle
        active.pointee.handshake = .underWay(pending, retryAt: retryAt, attempts: attempts)
        active.pointee.lastMAC1 = PublicIdentity(peer.pointee.publicKey).sign(
            InitiationMessage(memory),
            cookie: active.pointee.cookie?.value(at: turn.now)
        )
        let isSent = turn.outgoing.append(
            memory,
            InitiationMessage.length,
            from: gateway.handle,
            to: pair,
            merging: false
        )
        guard isSent else {
            gateway.recordDrop(.batchFull)
            return
        }
        recordHandshakeSent(to: peer, bytes: InitiationMessage.length, at: turn.moment)
    }

    private func writeInitiation(
        to message: UnsafeMutablePointer<UInt8>,
        for peer: PeerPointer,
        at moment: Moment
    ) -> InitiatorHandshake? {
        let gateway = peer.gateway
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
            peer.gateway.pointee.identity.privateKey,
            peer.pointee.publicKey
        )
        peer.pointee.staticShared = made
        return made
    }

    /// The initiation under way was answered, given up or replaced by a newer one.
    func forgetPending(of peer: PeerPointer) {
        guard let active = peer.pointee.active, let pending = active.pointee.handshake.pending
        else {
            return
        }
        peer.gateway.pointee.pendingInitiations[pending.localIndex] = nil
        active.pointee.handshake.losePending()
    }

    func abandonHandshake(of peer: PeerPointer) {
        forgetPending(of: peer)
        peer.pointee.active?.pointee.handshake = .idle
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
