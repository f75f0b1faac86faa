import Synchronization

/// What packets of either direction change of a peer, on whichever worker they are. It is locked
/// once per run of packets; no other lock is taken meanwhile.
struct Traffic {
    /// Where the peer is; nil before it was heard, unless its endpoint is configured.
    var path: Path?
    var lastSeen: WallTime?
    var latestHandshake: WallTime?
    private(set) var receivedBytes: UInt64 = 0
    private(set) var receivedPackets: UInt64 = 0
    private(set) var sentBytes: UInt64 = 0
    private(set) var sentPackets: UInt64 = 0
    var clock = TrafficClock()
    /// When the timer queue will look at this peer next; `never` when it will not.
    private(set) var scheduledWake = Instant.never
    /// On a list of peers whose counters the next report contains.
    var isReportDue = false
    var errorBudget = ErrorBudget()

    /// What the caller must do when it has given the lock back.
    struct Consequence {
        /// Ask the timer queue for this moment, unless it is `never`.
        var wake = Instant.never
        var isNewlyDue = false
    }

    /// The endpoint follows the newest authenticated packet.
    @inline(__always)
    mutating func received(
        packets: Int,
        bytes: UInt64,
        data: Bool,
        on newPath: Path,
        at moment: Moment
    ) -> Consequence {
        receivedPackets &+= UInt64(packets)
        receivedBytes &+= bytes
        if path != newPath { path = newPath }
        lastSeen = moment.wall
        let isArmed = clock.received(data: data, at: moment.now)
        return consequence(isArmed ? clock.passiveKeepaliveDue : .never)
    }

    @inline(__always)
    mutating func sent(
        packets: Int,
        bytes: UInt64,
        data: Bool,
        at now: Instant,
        jitter: Interval
    ) -> Consequence {
        sentPackets &+= UInt64(packets)
        sentBytes &+= bytes
        let isArmed = clock.sent(data: data, at: now, jitter: jitter)
        return consequence(isArmed ? clock.newHandshakeDue : .never)
    }

    /// Whether the timer queue needs an entry for this moment: not when it looks earlier anyhow.
    mutating func needsWake(at deadline: Instant) -> Bool {
        guard scheduledWake == .never || deadline < scheduledWake else { return false }
        scheduledWake = deadline
        return true
    }

    /// The queue's entry for this moment came up; false when it is stale.
    mutating func wakes(at moment: Instant) -> Bool {
        guard scheduledWake == moment else { return false }
        scheduledWake = .never
        return true
    }

    @inline(__always)
    private mutating func consequence(_ armed: Instant) -> Consequence {
        var consequence = Consequence()
        if armed != .never, needsWake(at: armed) { consequence.wake = armed }
        if !isReportDue {
            isReportDue = true
            consequence.isNewlyDue = true
        }
        return consequence
    }
}

/// The timers of §6.5 that every packet may move, kept as moments so that a packet costs a store
/// and not an operation on the timer queue. `never` means not armed.
struct TrafficClock {
    /// Data came in and nothing went out since: a keepalive is owed at this moment.
    var passiveKeepaliveDue = Instant.never
    /// More data came while that was armed: owe another one afterwards, as Linux does.
    var owesAnotherKeepalive = false
    /// Data went out and nothing came in since: a new handshake is due at this moment.
    var newHandshakeDue = Instant.never
    /// The newest authenticated packet in either direction.
    var lastTraffic = Instant.never

    struct Due {
        var newHandshake = false
        var keepalive = false
        var anotherKeepalive = false
    }

    /// Disarms what is due and says what it was.
    mutating func takeDue(at now: Instant) -> Due {
        var due = Due()
        if newHandshakeDue.isDue(at: now) {
            newHandshakeDue = .never
            due.newHandshake = true
        }
        if passiveKeepaliveDue.isDue(at: now) {
            due.keepalive = true
            due.anotherKeepalive = owesAnotherKeepalive
            passiveKeepaliveDue = .never
            owesAnotherKeepalive = false
        }
        return due
    }

    /// Something authenticated arrived. True when a timer was armed by it.
    @inline(__always)
    mutating func received(data: Bool, at now: Instant) -> Bool {
        lastTraffic = now
        newHandshakeDue = .never
        guard data else { return false }
        guard passiveKeepaliveDue == .never else {
            owesAnotherKeepalive = true
            return false
        }
        passiveKeepaliveDue = now + Constant.keepaliveTimeout
        return true
    }

    /// Something was sealed and sent. True when a timer was armed by it.
    @inline(__always)
    mutating func sent(data: Bool, at now: Instant, jitter: Interval) -> Bool {
        lastTraffic = now
        passiveKeepaliveDue = .never
        owesAnotherKeepalive = false
        guard data, newHandshakeDue == .never else { return false }
        newHandshakeDue = now + Constant.keepaliveTimeout + Constant.rekeyTimeout + jitter
        return true
    }
}
