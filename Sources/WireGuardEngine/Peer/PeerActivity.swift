import Synchronization

/// What packets in either direction change of a peer, on any worker: endpoint, counters and the times
/// of the timers that packets move. Locked once per run of packets. A leaf in the order of locks: no
/// other lock is taken while it is held.
struct PeerActivity {
    /// Where the peer is; nil before it was heard, unless its endpoint is configured.
    var addressPair: AddressPair?
    var lastSeen: WallTime?
    var latestHandshake: WallTime?
    /// Echo requests of the peer that the gateway has answered; begins anew behind the largest number.
    /// Stands here, where it takes none of the record's memory.
    private(set) var answeredEchoes: UInt32 = 0
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
    /// Nil until the peer's first trouble. A plain pointer, so that a packet counts no reference.
    private(set) var trouble: UnsafeMutablePointer<PeerTrouble>?

    /// What the caller must do when it has given the lock back.
    struct Effects {
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
        on newPair: AddressPair,
        at moment: Moment
    ) -> Effects {
        receivedPackets &+= UInt64(packets)
        receivedBytes &+= bytes
        if addressPair != newPair { move(to: newPair, at: moment.wall) }
        lastSeen = moment.wall
        let isArmed = clock.received(data: data, at: moment.now)
        return effects(arming: isArmed ? clock.passiveKeepaliveDue : .never)
    }

    @inline(__always)
    mutating func sent(
        packets: Int,
        bytes: UInt64,
        data: Bool,
        at now: Instant,
        jitter: Interval
    ) -> Effects {
        sentPackets &+= UInt64(packets)
        sentBytes &+= bytes
        let isArmed = clock.sent(data: data, at: now, jitter: jitter)
        return effects(arming: isArmed ? clock.newHandshakeDue : .never)
    }

    /// Our own address may change alone, which is not a move of the peer.
    @inline(never)
    private mutating func move(to newPair: AddressPair, at time: WallTime) {
        if let old = addressPair?.remote, old != newPair.remote {
            makeTrouble().pointee.moved(
                from: old,
                to: newPair.remote,
                lastSeen: lastSeen,
                at: time
            )
        }
        addressPair = newPair
    }

    mutating func answeredEcho() { answeredEchoes &+= 1 }

    mutating func completedHandshake(at time: WallTime) {
        latestHandshake = time
        guard trouble != nil else { return }
        makeTrouble().pointee.handshakeIsComplete()
    }

    /// The memory for the trouble that is about to be written down.
    mutating func makeTrouble() -> UnsafeMutablePointer<PeerTrouble> {
        let made =
            trouble
            ?? {
                let memory = UnsafeMutablePointer<PeerTrouble>.allocate(capacity: 1)
                memory.initialize(to: PeerTrouble())
                return memory
            }()
        trouble = made
        made.pointee.isReportDue = true
        return made
    }

    /// The trouble where it is new since it was last taken.
    mutating func takeNewTrouble() -> PeerTrouble? {
        guard let trouble, trouble.pointee.isReportDue else { return nil }
        trouble.pointee.isReportDue = false
        return trouble.pointee
    }

    /// When the peer's record goes.
    mutating func freeTrouble() {
        trouble?.deinitialize(count: 1)
        trouble?.deallocate()
        trouble = nil
    }

    /// True where the next report did not have the peer yet.
    mutating func becomesDue() -> Bool {
        guard !isReportDue else { return false }
        isReportDue = true
        return true
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
    private mutating func effects(arming armed: Instant) -> Effects {
        var effects = Effects()
        if armed != .never, needsWake(at: armed) { effects.wake = armed }
        effects.isNewlyDue = becomesDue()
        return effects
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
    mutating func disarmDue(at now: Instant) -> Due {
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
