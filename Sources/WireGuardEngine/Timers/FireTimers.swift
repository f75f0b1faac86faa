import Synchronization

/// What time alone causes, §6. The driver sleeps until `nextDeadline` and then passes the present.
extension Engine {
    /// When to call `fireTimers` next. Never later than anything is due; sometimes earlier, when
    /// traffic has moved a timer meanwhile.
    public var nextDeadline: Instant? { timers.earliest }

    /// Stops early when the batch is nearly full; then something is still due.
    public mutating func fireTimers(in turn: inout Turn) {
        reclaim()
        while turn.outgoing.hasRoomForTimers, let wake = timers.popDue(at: turn.now) {
            guard let peer = peers.find(wake.peer),
                peer.pointee.activity.withLock({ $0.wakes(at: wake.at) })
            else { continue }
            fire(peer, in: &turn)
            if let next = nextDeadline(of: peer) { timers.schedule(peer, at: next) }
            deactivate(peer)
        }
    }

    private mutating func fire(
        _ peer: PeerPointer,
        in turn: inout Turn
    ) {
        let now = turn.now
        if let active = peer.pointee.active {
            if connectionEnd(of: peer).isDue(at: now) { disconnect(peer) }
            if active.pointee.keyTimer.zeroKeyMaterial.isDue(at: now) { eraseKeys(of: peer) }
            if active.pointee.handshake.retransmitHandshake.isDue(at: now) {
                retryInitiation(to: peer, in: &turn)
            }
        }
        let due = peer.pointee.activity.withLock { $0.timers.fire(at: now) }
        if due.newHandshake {
            peer.pointee.forgetOwnAddress()
            requestSession(with: peer, in: &turn)
        }
        if due.keepalive {
            sendKeepalive(to: peer, in: &turn)
            if due.anotherKeepalive {
                peer.pointee.activity.withLock { $0.timers.keepaliveOwedAgain(at: now) }
            }
        }
        if let due = persistentKeepaliveDue(of: peer), due <= now {
            sendKeepalive(to: peer, in: &turn)
            peer.pointee.activity.withLock { $0.timers.persistentKeepaliveFired(at: now) }
        }
        probe(peer, in: &turn)
    }

    /// §6.4: again with fresh jitter, or, after REKEY_ATTEMPT_TIME, no more.
    private mutating func retryInitiation(
        to peer: PeerPointer,
        in turn: inout Turn
    ) {
        let active = activate(peer)
        guard mayConnect(peer) else {
            abandonHandshake(of: peer)
            giveUpConnecting(peer, at: turn.moment)
            return
        }
        noteTrouble(of: peer) { $0.callWasNotAnswered(at: turn.wall) }
        guard active.pointee.handshake.attempts < Constant.maximumAttempts else {
            abandonHandshake(of: peer)
            noteUndelivered(to: peer, as: .stagingFull, at: turn.moment)
            dropStaged(of: peer)
            active.pointee.keyTimer.handshakeGivenUp(at: turn.now)
            return
        }
        peer.pointee.forgetOwnAddress()
        sendInitiation(to: peer, in: &turn)
    }

    private func persistentKeepaliveDue(of peer: PeerPointer) -> Instant? {
        let interval = peer.pointee.persistentKeepalive
        guard interval.nanoseconds > 0, peer.addressPair != nil else { return nil }
        return peer.pointee.timers.persistentKeepalive(every: interval)
    }

    private func nextDeadline(of peer: PeerPointer) -> Instant? {
        var next: Instant?
        func consider(_ deadline: Instant) {
            guard deadline != .never else { return }
            next = min(next ?? deadline, deadline)
        }
        let (timers, probeDue) = peer.pointee.activity.withLock { ($0.timers, $0.probeDue) }
        consider(timers.newHandshake)
        consider(probeDue)
        consider(timers.sendKeepalive)
        if let due = persistentKeepaliveDue(of: peer) { consider(due) }
        if let active = peer.pointee.active {
            consider(active.pointee.keyTimer.zeroKeyMaterial)
            consider(active.pointee.handshake.retransmitHandshake)
            consider(connectionEnd(of: peer))
        }
        return next
    }
}
