import NetAddress
import Synchronization
import WireGuardCrypto

typealias GatewayPointer = UnsafeMutablePointer<GatewayRecord>

/// One WireGuard interface: keys, routes, sessions, and what its handshakes need.
struct GatewayRecord: ~Copyable {
    // Any worker

    let handle: GatewayHandle
    /// The number of the worker that alone changes its peers, handshakes and timers.
    let owner: Int
    /// All peers of the owner, those of its other gateways included.
    let peers: PeerTable
    let identity: StaticIdentity
    let localDelivery: GatewayConfiguration.LocalDelivery
    /// Nil for an interface with peers.
    let lane: Int?
    let view = PublishedView()
    let sessions = SessionTable()
    let drops = DropTally()
    let egress = EgressTally()
    /// Retained for as long as the record is. Nil for a lane.
    let account: Unmanaged<SharedAccount>?
    /// Of errors to the interface's side.
    let interfaceErrors = Lock(ErrorBudget())
    /// Both change while packets are under way.
    private let mtuInBytes: Atomic<Int>
    private let ownAddresses: Lock<[InterfaceAddress]>

    // Owner only

    /// Our initiations that wait for an answer, by the index that we chose.
    var pendingInitiations: [UInt32: PeerHandle] = [:]
    var peersByKey: PeerKeyTable
    /// TAI64N only goes forward, whatever the wall clock does.
    var newestTimestampSent = TAI64N.zero
    var cookies = CookieSecret()
    var strangers = Strangers()

    init(
        handle: GatewayHandle,
        owner: Int,
        peers: PeerTable,
        configuration: GatewayConfiguration
    ) {
        self.handle = handle
        self.owner = owner
        self.peers = peers
        peersByKey = PeerKeyTable(of: peers)
        identity = StaticIdentity(privateKey: configuration.privateKey)
        mtuInBytes = Atomic(configuration.mtu)
        ownAddresses = Lock(configuration.addresses)
        localDelivery = configuration.localDelivery
        lane = configuration.lane
        account = configuration.account.map { .passRetained($0) }
    }

    deinit {
        sessions.free()
        account?.release()
    }

    @inline(__always)
    var mtu: Int { mtuInBytes.load(ordering: .relaxed) }

    /// Read for ICMP errors only.
    var addresses: [InterfaceAddress] { ownAddresses.withLock { $0 } }

    /// Owner only.
    func change(addresses: [InterfaceAddress], mtu: Int) {
        ownAddresses.withLock { $0 = addresses }
        mtuInBytes.store(mtu, ordering: .relaxed)
    }
}

/// What the steps of a packet ask of a gateway, without `pointee`.
extension GatewayPointer {
    @inline(__always)
    var handle: GatewayHandle { pointee.handle }

    @inline(__always)
    var mtu: Int { pointee.mtu }

    @inline(__always)
    func recordDrop(_ reason: DropReason, count: Int = 1) {
        pointee.drops.record(reason, count: count)
    }
}
