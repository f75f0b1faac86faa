/// A peer's five timers, §6, named as in the kernel's `timers.c`; the methods are the events that set
/// them, each to be called when what it is named for has happened.
///
/// | timer | armed | disarmed | when it fires |
/// | --- | --- | --- | --- |
/// | `retransmitHandshake` | an initiation was sent, or is put off | it was answered | the next one; after REKEY_ATTEMPT_TIME none |
/// | `sendKeepalive` | data came, and it was not armed | anything was sent | a keepalive |
/// | `newHandshake` | data was sent, and it was not armed | anything came | a handshake, as the peer seems to have lost the session |
/// | `zeroKeyMaterial` | a session was derived, or none could be | keys are erased | keys are erased |
/// | `persistentKeepalive` | anything came or was sent | | a keepalive |
///
/// `retransmitHandshake` is a part of `HandshakeState`. Timers are moments, so that a packet costs a store and
/// not an operation on the timer queue; `never` means not armed.
///
/// These are the ones that packets move, on any worker, behind the lock of the peer's activity.
struct PacketTimers {
    private(set) var sendKeepalive = Instant.never
    /// More data came while that was armed: owe another one afterwards, as Linux does.
    private(set) var owesAnotherKeepalive = false
    private(set) var newHandshake = Instant.never
    /// The newest authenticated packet in either direction, from which `persistentKeepalive` counts.
    private(set) var lastTraversal = Instant.never

    /// What fired.
    struct Due {
        var newHandshake = false
        var keepalive = false
        /// One more after that.
        var anotherKeepalive = false
    }

    /// True when it has armed a timer.
    @inline(__always)
    mutating func dataReceived(at now: Instant) -> Bool {
        guard sendKeepalive == .never else {
            owesAnotherKeepalive = true
            return false
        }
        sendKeepalive = now + Constant.keepaliveTimeout
        return true
    }

    /// True when it has armed a timer.
    @inline(__always)
    mutating func dataSent(at now: Instant, jitter: Interval) -> Bool {
        guard newHandshake == .never else { return false }
        newHandshake = now + Constant.keepaliveTimeout + Constant.rekeyTimeout + jitter
        return true
    }

    @inline(__always)
    mutating func authenticatedPacketReceived(at now: Instant) {
        newHandshake = .never
        lastTraversal = now
    }

    @inline(__always)
    mutating func authenticatedPacketSent(at now: Instant) {
        sendKeepalive = .never
        owesAnotherKeepalive = false
        lastTraversal = now
    }

    /// The next one is due an interval later, also where this one could not be sent for lack of a session.
    mutating func persistentKeepaliveFired(at now: Instant) {
        lastTraversal = now
    }

    mutating func keysErased() {
        self = PacketTimers()
    }

    /// After the keepalive that fired, which disarms the timer as everything that is sent does.
    mutating func keepaliveOwedAgain(at now: Instant) {
        sendKeepalive = now + Constant.keepaliveTimeout
    }

    /// Disarms what is due and says what it was.
    mutating func fire(at now: Instant) -> Due {
        var due = Due()
        if newHandshake.isDue(at: now) {
            newHandshake = .never
            due.newHandshake = true
        }
        if sendKeepalive.isDue(at: now) {
            due.keepalive = true
            due.anotherKeepalive = owesAnotherKeepalive
            sendKeepalive = .never
            owesAnotherKeepalive = false
        }
        return due
    }

    func persistentKeepalive(every interval: Interval) -> Instant { lastTraversal + interval }
}

/// The one of them that concerns keys. Owner only.
struct KeyTimer {
    private(set) var zeroKeyMaterial = Instant.never

    mutating func sessionDerived(at now: Instant) {
        zeroKeyMaterial = now + Constant.eraseKeysAfter
    }

    /// Keys that there are still do not outlive the attempts to replace them by more than this.
    mutating func handshakeGivenUp(at now: Instant) {
        if zeroKeyMaterial == .never { zeroKeyMaterial = now + Constant.eraseKeysAfter }
    }

    mutating func keysErased() { zeroKeyMaterial = .never }
}
