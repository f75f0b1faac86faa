import NetAddress
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
    var timers = PacketTimers()
    /// When the timer queue will look at this peer next; `never` when it will not.
    private(set) var scheduledWake = Instant.never
    /// On a list of peers whose counters the next report contains.
    var isReportDue = false
    var errorBudget = ErrorBudget()
    /// What few peers have; nil until it is needed. A plain pointer, so that a packet counts no reference.
    private var extras: UnsafeMutablePointer<Extras>?

    struct Extras {
        var trouble = PeerTrouble()
        /// Since the peer's first trouble.
        var hasTrouble = false
        /// Nil until the first packet that passes the interface.
        var egress: EgressTraffic?
        /// Of a lane's peer.
        var probes: LaneProbes?
    }

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
        timers.authenticatedPacketReceived(at: moment.now)
        let isArmed = data && timers.dataReceived(at: moment.now)
        return effects(arming: isArmed ? timers.sendKeepalive : .never)
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
        timers.authenticatedPacketSent(at: now)
        let isArmed = data && timers.dataSent(at: now, jitter: jitter)
        return effects(arming: isArmed ? timers.newHandshake : .never)
    }

    /// Our own address may change alone, which is not a move of the peer.
    @inline(never)
    private mutating func move(to newPair: AddressPair, at time: WallTime) {
        if let old = addressPair?.remote, old != newPair.remote {
            makeTrouble().pointee.trouble.moved(
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
        guard hasTrouble else { return }
        makeTrouble().pointee.trouble.handshakeIsComplete()
    }

    var hasTrouble: Bool { extras?.pointee.hasTrouble ?? false }

    var trouble: PeerTrouble? { hasTrouble ? extras?.pointee.trouble : nil }

    var egress: EgressTraffic? { extras?.pointee.egress }

    /// The memory for the trouble that is about to be written down, which the next report has to have.
    mutating func makeTrouble() -> UnsafeMutablePointer<Extras> {
        let extras = makeExtras()
        extras.pointee.hasTrouble = true
        extras.pointee.trouble.isReportDue = true
        return extras
    }

    /// The trouble where it is new since it was last taken.
    mutating func takeNewTrouble() -> PeerTrouble? {
        guard let extras, hasTrouble, extras.pointee.trouble.isReportDue else { return nil }
        extras.pointee.trouble.isReportDue = false
        return extras.pointee.trouble
    }

    mutating func countEgress(_ count: (inout EgressTraffic) -> Void) {
        let extras = makeExtras()
        var traffic = extras.pointee.egress ?? EgressTraffic()
        count(&traffic)
        extras.pointee.egress = traffic
    }

    /// Probes that go on between the same addresses are counted on.
    mutating func setProbe(_ path: ProbePath?, from now: Instant) {
        guard path != extras?.pointee.probes?.path else { return }
        makeExtras().pointee.probes = path.map { LaneProbes($0, from: now) }
    }

    /// When the next one is due; `never` where there are none.
    var probeDue: Instant { extras?.pointee.probes?.due ?? .never }

    var probes: ProbeReport? { extras?.pointee.probes?.report }

    /// Nil where none is due.
    mutating func takeProbe(at now: Instant) -> LaneProbes.Probe? {
        extras?.pointee.probes?.take(at: now)
    }

    mutating func probeAnswered(_ number: UInt32, from source: IPv4Address, at now: Instant) -> Bool
    {
        extras?.pointee.probes?.answered(number, from: source, at: now) ?? false
    }

    private mutating func makeExtras() -> UnsafeMutablePointer<Extras> {
        if let extras { return extras }
        let made = UnsafeMutablePointer<Extras>.allocate(capacity: 1)
        made.initialize(to: Extras())
        extras = made
        return made
    }

    /// When the peer's record goes.
    mutating func freeExtras() {
        extras?.deinitialize(count: 1)
        extras?.deallocate()
        extras = nil
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
