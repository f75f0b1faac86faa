import Synchronization
import WireGuardCrypto

typealias PeerPointer = UnsafeMutablePointer<PeerRecord>

/// All that an idle peer costs. What only a talking peer needs hangs on `active`.
///
/// Written by the home worker, except the members under "Traffic", which the transport path writes
/// once per run of packets.
struct PeerRecord: ~Copyable {
    let handle: PeerHandle
    let gateway: GatewayPointer
    let publicKey: PublicKey
    var presharedKey: SecretKey?
    /// DH of both static keys, §5.4.2; computed at the first handshake and not for idle peers.
    var staticShared: SecretKey?
    var persistentKeepalive: Interval
    var path: Path?
    /// The newest time stamp that this peer's initiations carried.
    var newestTimestamp = TAI64N.zero
    var lastInitiationAccepted = Instant.never
    var active: UnsafeMutablePointer<ActivePeer>?
    /// When the timer queue will look at this peer next; `never` when it will not.
    var scheduledWake = Instant.never
    /// On the list of peers whose counters the next report contains.
    var isReportDue = false

    // Traffic

    /// The session that seals packets to this peer; zero bits when there is none.
    let current = Atomic<UInt>(0)
    var lastSeen: WallTime?
    var latestHandshake: WallTime?
    var receivedBytes: UInt64 = 0
    var receivedPackets: UInt64 = 0
    var sentBytes: UInt64 = 0
    var sentPackets: UInt64 = 0
    var clock = TrafficClock()

    init(
        handle: PeerHandle,
        gateway: GatewayPointer,
        publicKey: PublicKey
    ) {
        self.handle = handle
        self.gateway = gateway
        self.publicKey = publicKey
        persistentKeepalive = .seconds(0)
    }

    @inline(__always)
    var currentSession: SessionPointer? {
        SessionPointer(bitPattern: current.load(ordering: .acquiring))
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
