import Synchronization

/// What time alone causes, §6. The driver sleeps until `nextDeadline` and then passes the present.
extension Engine {
    /// When to call `fireTimers` next. Never later than anything is due; sometimes earlier, when
    /// traffic has moved a timer meanwhile.
    public var nextDeadline: Instant? { timers.earliest }

    /// Stops early when the batch is nearly full; then something is still due.
    public mutating func fireTimers(at moment: Moment, into outgoing: inout OutgoingBatch) {
        reclaim()
        while outgoing.hasRoomForTimers, let wake = timers.popDue(at: moment.now) {
            guard let peer = peers.find(wake.peer),
                peer.pointee.activity.withLock({ $0.wakes(at: wake.at) })
            else { continue }
            fire(peer, at: moment, into: &outgoing)
            if let next = nextDeadline(of: peer) { timers.schedule(peer, at: next) }
            deactivate(peer)
        }
    }

    private mutating func fire(
        _ peer: PeerPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        let now = moment.now
        if let active = peer.pointee.active {
            if active.pointee.eraseKeysDue.isDue(at: now) { eraseKeys(of: peer) }
            if active.pointee.initiationDue.isDue(at: now) {
                retryInitiation(to: peer, at: moment, into: &outgoing)
            }
        }
        let due = peer.pointee.activity.withLock { $0.clock.disarmDue(at: now) }
        if due.newHandshake {
            peer.pointee.forgetOwnAddress()
            requestSession(with: peer, at: moment, into: &outgoing)
        }
        if due.keepalive {
            sendKeepalive(to: peer, at: moment, into: &outgoing)
            if due.anotherKeepalive {
                peer.pointee.activity.withLock {
                    $0.clock.passiveKeepaliveDue = now + Constant.keepaliveTimeout
                }
            }
        }
        if let due = persistentKeepaliveDue(of: peer), due <= now {
            sendKeepalive(to: peer, at: moment, into: &outgoing)
            // Without a session nothing was sent; ask again an interval later.
            peer.pointee.activity.withLock { $0.clock.lastTraffic = now }
        }
    }

    /// §6.4: again with fresh jitter, or, after REKEY_ATTEMPT_TIME, no more.
    private mutating func retryInitiation(
        to peer: PeerPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        let active = activate(peer)
        noteTrouble(of: peer) { $0.callWasNotAnswered(at: moment.wall) }
        guard active.pointee.attempts < Constant.maximumAttempts else {
            abandonHandshake(of: peer)
            noteUndelivered(to: peer, at: moment)
            dropStaged(of: peer)
            if active.pointee.eraseKeysDue == .never {
                active.pointee.eraseKeysDue = moment.now + Constant.eraseKeysAfter
            }
            return
        }
        peer.pointee.forgetOwnAddress()
        sendInitiation(to: peer, at: moment, into: &outgoing)
    }

    private func persistentKeepaliveDue(of peer: PeerPointer) -> Instant? {
        let interval = peer.pointee.persistentKeepalive
        guard interval.nanoseconds > 0, peer.pointee.addressPair != nil else { return nil }
        return peer.pointee.clock.lastTraffic + interval
    }

    private func nextDeadline(of peer: PeerPointer) -> Instant? {
        var next: Instant?
        func consider(_ deadline: Instant) {
            guard deadline != .never else { return }
            next = min(next ?? deadline, deadline)
        }
        let clock = peer.pointee.clock
        consider(clock.newHandshakeDue)
        consider(clock.passiveKeepaliveDue)
        if let due = persistentKeepaliveDue(of: peer) { consider(due) }
        if let active = peer.pointee.active {
            consider(active.pointee.eraseKeysDue)
            consider(active.pointee.initiationDue)
        }
        return next
    }
}
