import Synchronization
import WireGuardCrypto

/// Which session sends, which still receives, and when keys die: §5.4.5 and §6.2 to §6.4.
extension Engine {
    /// Makes a session of the keys that a handshake agreed on. Packets find it by our index once
    /// `installAsInitiator` or `installAsResponder` has put it into the gateway's table.
    func makeSession(
        for peer: PeerPointer,
        localIndex: UInt32,
        remoteIndex: UInt32,
        isInitiator: Bool,
        noise: NoiseState,
        at now: Instant
    ) -> SessionPointer {
        let keys = noise.transportKeys()
        let sending = isInitiator ? keys.initiator : keys.responder
        let receiving = isInitiator ? keys.responder : keys.initiator
        let session = SessionPointer.allocate(capacity: 1)
        session.initialize(
            to: Session(
                peer: peer,
                localIndex: localIndex,
                remoteIndex: remoteIndex,
                isInitiator: isInitiator,
                createdAt: now,
                sending: sending.withBytes { ChaCha20Poly1305(key: $0) },
                receiving: receiving.withBytes { ChaCha20Poly1305(key: $0) }
            )
        )
        return session
    }

    /// We were the initiator: the response proves that the peer holds the keys, so they are used
    /// at once.
    mutating func installAsInitiator(
        _ session: SessionPointer,
        for peer: PeerPointer,
        at now: Instant
    ) {
        let active = activate(peer)
        insert(session, for: peer)
        if let next = active.pointee.next {
            discard(peer.currentSession, of: peer)
            discard(active.pointee.previous, of: peer)
            active.pointee.previous = next
            active.pointee.next = nil
        } else {
            discard(active.pointee.previous, of: peer)
            active.pointee.previous = peer.currentSession
        }
        setCurrent(session, of: peer)
        armErasure(of: peer, at: now)
    }

    /// We were the responder: the keys are used once the peer has used them, so that a replayed
    /// initiation cannot make us seal packets with keys that the peer does not have.
    mutating func installAsResponder(
        _ session: SessionPointer,
        for peer: PeerPointer,
        at now: Instant
    ) {
        let active = activate(peer)
        insert(session, for: peer)
        discard(active.pointee.next, of: peer)
        discard(active.pointee.previous, of: peer)
        active.pointee.previous = nil
        active.pointee.next = session
        armErasure(of: peer, at: now)
    }

    /// An authentic packet came on a session that is not the current one. If it is the next one,
    /// the peer has confirmed it.
    mutating func confirm(
        _ session: SessionPointer,
        of peer: PeerPointer,
        in turn: inout Turn
    ) {
        guard let active = peer.pointee.active, active.pointee.next == session else { return }
        guard connect(peer) else {
            // Others got connected since its initiation was answered.
            active.pointee.next = nil
            discard(session, of: peer)
            peer.gateway.recordDrop(.connectedPeersExceeded)
            noteDrop(.connectedPeersExceeded, of: nil, from: peer, at: turn.moment)
            return
        }
        discard(active.pointee.previous, of: peer)
        active.pointee.previous = peer.currentSession
        active.pointee.next = nil
        session.pointee.isConfirmed.store(true, ordering: .relaxed)
        setCurrent(session, of: peer)
        timers.schedule(peer, at: session.pointee.createdAt + Constant.rejectAfterTime)
        completeHandshake(with: peer, in: &turn)
    }

    /// §6.2: an initiator that only receives renews once, early enough not to run out of keys.
    mutating func renewWhileReceiving(
        _ session: SessionPointer,
        of peer: PeerPointer,
        in turn: inout Turn
    ) {
        guard let active = peer.pointee.active, !active.pointee.renewedWhileReceiving,
            peer.currentSession == session
        else { return }
        active.pointee.renewedWhileReceiving = true
        requestSession(with: peer, in: &turn)
    }

    /// §6.3 and removal: no key of this peer survives. A handshake that is wanted stays wanted and
    /// goes on with new keys.
    mutating func eraseKeys(of peer: PeerPointer) {
        guard let active = peer.pointee.active else { return }
        disconnect(peer)
        discard(active.pointee.previous, of: peer)
        discard(active.pointee.next, of: peer)
        discard(peer.currentSession, of: peer)
        active.pointee.previous = nil
        active.pointee.next = nil
        active.pointee.keyTimer.keysErased()
        setCurrent(nil, of: peer)
        forgetPending(of: peer)
        peer.pointee.activity.withLock { $0.timers.keysErased() }
    }

    /// The peer's active part, made when it is first needed.
    func activate(_ peer: PeerPointer) -> UnsafeMutablePointer<ActivePeer> {
        if let active = peer.pointee.active { return active }
        let active = UnsafeMutablePointer<ActivePeer>.allocate(capacity: 1)
        active.initialize(to: ActivePeer())
        peer.pointee.active = active
        return active
    }

    /// Frees the active part when nothing is left in it.
    mutating func deactivate(_ peer: PeerPointer) {
        guard let active = peer.pointee.active, peer.currentSession == nil,
            active.pointee.previous == nil, active.pointee.next == nil,
            active.pointee.handshake.isIdle,
            active.pointee.staged.count == 0
        else { return }
        peer.pointee.active = nil
        active.deinitialize(count: 1)
        active.deallocate()
    }

    private mutating func insert(_ session: SessionPointer, for peer: PeerPointer) {
        let outgrown = peer.gateway.pointee.sessions.insert(session)
        if let outgrown { retire(outgrown) }
    }

    private mutating func discard(_ session: SessionPointer?, of peer: PeerPointer) {
        guard let session else { return }
        peer.gateway.pointee.sessions.remove(session)
        retire {
            session.deinitialize(count: 1)
            session.deallocate()
        }
    }

    private func setCurrent(_ session: SessionPointer?, of peer: PeerPointer) {
        peer.pointee.current.store(UInt(bitPattern: session), ordering: .releasing)
    }

    private mutating func armErasure(of peer: PeerPointer, at now: Instant) {
        let active = activate(peer)
        active.pointee.keyTimer.sessionDerived(at: now)
        var due = active.pointee.keyTimer.zeroKeyMaterial
        let end = connectionEnd(of: peer)
        if end != .never { due = min(due, end) }
        // A peer may just have got its endpoint, and with it its first persistent keepalive.
        let keepalive = peer.pointee.persistentKeepalive
        timers.schedule(peer, at: keepalive.nanoseconds > 0 ? min(due, now + keepalive) : due)
    }

    /// When the engine ends; the tables are freed as well, so nothing is unlinked.
    static func free(_ active: UnsafeMutablePointer<ActivePeer>, sessionsOf peer: PeerPointer) {
        while let packet = active.pointee.staged.popFirst() { packet.free() }
        for session in [
            active.pointee.previous, active.pointee.next, peer.currentSession,
        ] {
            session?.deinitialize(count: 1)
            session?.deallocate()
        }
        active.deinitialize(count: 1)
        active.deallocate()
    }
}
