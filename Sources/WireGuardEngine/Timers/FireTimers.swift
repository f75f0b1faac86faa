/// What time alone causes, §6. The driver sleeps until `nextDeadline` and then passes the present.
extension Engine {
    /// When to call `fireTimers` next. Never later than anything is due; sometimes earlier, when
    /// traffic has moved a timer meanwhile.
    public var nextDeadline: Instant? { timers.earliest }

    public mutating func fireTimers(at moment: Moment, into outgoing: inout OutgoingBatch) {
        reclaim()
        while let wake = timers.popDue(at: moment.now) {
            guard let peer = peers.find(wake.peer), peer.pointee.scheduledWake == wake.at else {
                continue
            }
            peer.pointee.scheduledWake = .never
            fire(peer, at: moment, into: &outgoing)
            if let next = nextDeadline(of: peer) { timers.schedule(peer, at: next) }
            rest(peer)
        }
    }

    private mutating func fire(
        _ peer: PeerPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        let now = moment.now
        if let active = peer.pointee.active {
            if isDue(active.pointee.eraseKeysDue, at: now) { eraseKeys(of: peer) }
            if isDue(active.pointee.initiationDue, at: now) {
                retryInitiation(to: peer, at: moment, into: &outgoing)
            }
        }
        if isDue(peer.pointee.clock.newHandshakeDue, at: now) {
            peer.pointee.clock.newHandshakeDue = .never
            // The way back may be gone; let the system choose our address anew.
            peer.pointee.path?.local = nil
            requestSession(with: peer, at: moment, into: &outgoing)
        }
        if isDue(peer.pointee.clock.passiveKeepaliveDue, at: now) {
            let owesAnother = peer.pointee.clock.owesAnotherKeepalive
            peer.pointee.clock.passiveKeepaliveDue = .never
            sendKeepalive(to: peer, at: moment, into: &outgoing)
            if owesAnother {
                peer.pointee.clock.owesAnotherKeepalive = false
                peer.pointee.clock.passiveKeepaliveDue = now + Constant.keepaliveTimeout
            }
        }
        if let due = persistentKeepaliveDue(of: peer), due <= now {
            sendKeepalive(to: peer, at: moment, into: &outgoing)
            // Without a session nothing was sent; ask again an interval later.
            peer.pointee.clock.lastTraffic = now
        }
    }

    /// §6.4: again with fresh jitter, or, after REKEY_ATTEMPT_TIME, no more.
    private mutating func retryInitiation(
        to peer: PeerPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        let active = activate(peer)
        guard active.pointee.attempts < Constant.maximumAttempts else {
            abandonHandshake(of: peer)
            dropStaged(of: peer)
            if active.pointee.eraseKeysDue == .never {
                active.pointee.eraseKeysDue = moment.now + Constant.eraseKeysAfter
            }
            return
        }
        peer.pointee.path?.local = nil
        sendInitiation(to: peer, at: moment, into: &outgoing)
    }

    private func isDue(_ deadline: Instant, at now: Instant) -> Bool {
        deadline != .never && deadline <= now
    }

    private func persistentKeepaliveDue(of peer: PeerPointer) -> Instant? {
        let interval = peer.pointee.persistentKeepalive
        guard interval.nanoseconds > 0, peer.pointee.path != nil else { return nil }
        return peer.pointee.clock.lastTraffic + interval
    }

    private func nextDeadline(of peer: PeerPointer) -> Instant? {
        var next: Instant?
        func consider(_ deadline: Instant) {
            guard deadline != .never else { return }
            next = min(next ?? deadline, deadline)
        }
        consider(peer.pointee.clock.newHandshakeDue)
        consider(peer.pointee.clock.passiveKeepaliveDue)
        if let due = persistentKeepaliveDue(of: peer) { consider(due) }
        if let active = peer.pointee.active {
            consider(active.pointee.eraseKeysDue)
            consider(active.pointee.initiationDue)
        }
        return next
    }
}
