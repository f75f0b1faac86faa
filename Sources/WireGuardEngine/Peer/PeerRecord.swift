import Synchronization
import WireGuardCrypto

typealias PeerPointer = UnsafeMutablePointer<PeerRecord>

/// All that an idle peer costs. What only a talking peer needs hangs on `active`.
struct PeerRecord: ~Copyable {
    // Any worker

    let handle: PeerHandle
    let gateway: GatewayPointer
    let publicKey: PublicKey
    /// The session that seals packets to this peer; zero bits when there is none.
    let current = Atomic<UInt>(0)
    let activity = Lock(PeerActivity())
    /// The peer's `PeerAccount`, zero bits before its first packet. It is retained for as long as the record is, so that a
    /// packet counts no reference.
    let account = Atomic<UInt>(0)

    // Owner only

    var presharedKey: SecretKey?
    /// DH of both static keys, §5.4.2; computed at the first handshake and not for idle peers.
    var staticShared: SecretKey?
    /// The newest time stamp that this peer's initiations carried.
    var newestTimestamp = TAI64N.zero
    private var keepaliveSeconds: UInt16 = 0
    var lastInitiationAccepted = Instant.never
    var active: UnsafeMutablePointer<ActivePeer>?

    init(
        handle: PeerHandle,
        gateway: GatewayPointer,
        publicKey: PublicKey
    ) {
        self.handle = handle
        self.gateway = gateway
        self.publicKey = publicKey
    }

    deinit {
        activity.withLock { $0.freeExtras() }
        Unmanaged<PeerAccount>.known(account.load(ordering: .acquiring))?.release()
    }

    var persistentKeepalive: Interval {
        get { .seconds(UInt64(keepaliveSeconds)) }
        set { keepaliveSeconds = UInt16(clamping: newValue.nanoseconds / 1_000_000_000) }
    }

    @inline(__always)
    var currentSession: SessionPointer? {
        SessionPointer(bitPattern: current.load(ordering: .acquiring))
    }

    var addressPair: AddressPair? { activity.withLock { $0.addressPair } }

    var timers: PacketTimers { activity.withLock { $0.timers } }

    /// Our address of the pair may be unusable by now; the system chooses one for the next packet.
    func forgetOwnAddress() {
        activity.withLock { $0.addressPair?.local = nil }
    }
}

/// What the steps of a packet ask of a peer, without `pointee`.
extension PeerPointer {
    @inline(__always)
    var handle: PeerHandle { pointee.handle }

    @inline(__always)
    var gateway: GatewayPointer { pointee.gateway }

    @inline(__always)
    var currentSession: SessionPointer? { pointee.currentSession }

    var addressPair: AddressPair? { pointee.addressPair }
}
