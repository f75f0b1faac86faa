/// The WireGuard protocol for the gateways of one worker, both roles, as a value: it is fed
/// datagrams and the time, and it fills a batch with datagrams to send. It owns no socket, clock,
/// thread or random source, so a run of it can be repeated exactly.
///
/// A gateway has one owner: the engine that it was installed in, which alone changes its peers,
/// handshakes and timers. Engines of other workers may carry its packets, too (`Sharing/`): they
/// share its sessions, routes and counters, under locks that are held for a few instructions.
///
/// A packet's journey is `receive` here and then the files of `PacketPath/`, in the order
/// Identify, Open, CheckSource, Authorize, Route, Translate, and Seal or Emit; one that comes from the
/// node's interface enters by `Inject`. A handshake's journey is in `HandshakePath/`.
public struct Engine: ~Copyable {
    let random: RandomSource
    /// This engine's place among the workers of `reclamation`.
    let number: Int
    let reclamation: EpochReclamation
    private let epochGuard: EpochReclamation.Guard
    var gateways: [GatewayPointer?] = []
    /// By gateway slot: the view that this worker used last.
    var views: [SeenView] = []
    /// Which gateway a packet from the interface is for.
    let ranges: MappedRanges
    var seenRanges = SeenRanges()
    /// Of packets from the interface that belong to no gateway.
    var strayPackets = DropCounters()
    let peers = PeerTable()
    var timers = TimerQueue()
    var jitter: Jitter
    var load = HandshakeLoad()
    var staging = StagingBudget()
    /// Peers whose counters changed since the last report.
    var dueReports: [DueReport] = []
    var chargedPeers: [ChargedPeer] = []
    /// Unlinked memory that other workers may still read.
    var retired = RetiredMemory()
    /// For the owners of gateways on other workers; emptied by `drainNotices`.
    var notices: [OwnerNotice] = []
    var noticeBytes = 0
    /// The packets of the run under way.
    let flight: UnsafeMutablePointer<InFlight>
    var delivered: [Delivery] = []

    /// - Parameters:
    ///   - number: which of the workers of `reclamation` this engine belongs to.
    ///   - reclamation: shared by all engines that carry gateways of each other.
    ///   - ranges: shared by all engines that carry packets of one interface.
    public init(
        random: RandomSource,
        number: Int = 0,
        sharing reclamation: EpochReclamation = EpochReclamation(workers: 1),
        ranges: MappedRanges = MappedRanges()
    ) {
        precondition((0..<reclamation.workers).contains(number))
        self.random = random
        self.number = number
        self.reclamation = reclamation
        self.ranges = ranges
        epochGuard = reclamation.workerGuard(of: number)
        jitter = Jitter(seed: random.next())
        flight = .allocate(capacity: InFlight.maximumRun)
        delivered.reserveCapacity(InFlight.maximumRun)
    }

    deinit {
        peers.forEach { record in
            guard let active = record.pointee.active else { return }
            Self.free(active, sessionsOf: record)
        }
        retired.freeAll()
        peers.free()
        for case let gateway? in gateways where gateway.pointee.owner == number {
            gateway.deinitialize(count: 1)
            gateway.deallocate()
        }
        flight.deallocate()
    }

    /// Before a batch of calls: until `unpin` nothing that this engine may read is freed.
    public mutating func pin() { epochGuard.pin() }

    /// After a batch, before a wait: the engine holds no pointer to shared memory.
    public mutating func unpin() { epochGuard.unpin() }

    /// Door 1. Takes what one receive call brought. What it causes to be sent is appended to the turn's batch,
    /// which points into the run's own bytes.
    public mutating func receive(
        _ run: DatagramRun,
        in turn: inout Turn
    ) {
        reclaim()
        delivered.removeAll(keepingCapacity: true)
        guard let gateway = find(run.gateway) else { return }
        guard !run.bytes.isEmpty, run.segmentSize > 0,
            let base = run.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        else {
            // UDP carries empty datagrams too.
            gateway.recordDrop(.malformedMessage)
            return
        }

        var offset = 0
        while offset < run.bytes.count {
            let message = base + offset
            let length = min(run.segmentSize, run.bytes.count - offset)
            guard let kind = MessageKind(message, length: length) else {
                gateway.recordDrop(.malformedMessage)
                offset += length
                continue
            }
            if kind == .transport {
                let count = gather(run, from: offset)
                forward(count, on: gateway, from: run.addressPair, in: &turn)
                offset += min(count * run.segmentSize, run.bytes.count - offset)
            } else {
                askToHandshake(
                    kind,
                    message,
                    length: length,
                    on: gateway,
                    from: run.addressPair,
                    in: &turn
                )
                offset += length
            }
        }
    }

    /// The packets that the last `receive` handed to gateways with `LocalDelivery.host`. They lie
    /// in the run's bytes.
    public var deliveries: [Delivery] { delivered }

    /// Frees retired memory that no worker can still read.
    mutating func reclaim() {
        guard !retired.isEmpty else { return }
        retired.reclaim(reclamation)
    }

    /// Frees later what was just unlinked: when every worker has unpinned or pinned again since.
    mutating func retire(_ free: @escaping () -> Void) {
        retired.append(reclamation.stamp(), free)
    }

    /// The newest view of a gateway. `views` holds it until this worker's next call of the kind.
    @inline(__always)
    mutating func view(of gateway: GatewayPointer) -> CurrentView {
        let handle = gateway.handle
        let slot = Int(handle.slot)
        gateway.pointee.view.refresh(&views[slot], of: handle)
        return views[slot].current
    }

    /// The view that the present run of packets is judged by: a newer one would free it.
    func lastView(of gateway: GatewayPointer) -> CurrentView {
        views[Int(gateway.handle.slot)].current
    }

    mutating func insert(_ gateway: GatewayPointer) {
        let slot = Int(gateway.handle.slot)
        while gateways.count <= slot {
            gateways.append(nil)
            views.append(SeenView())
        }
        precondition(gateways[slot] == nil, "the slot of another gateway")
        gateways[slot] = gateway
    }

    mutating func remove(_ handle: GatewayHandle) {
        gateways[Int(handle.slot)] = nil
        views[Int(handle.slot)] = SeenView()
    }

    @inline(__always)
    func find(_ handle: GatewayHandle) -> GatewayPointer? {
        let slot = Int(handle.slot)
        guard slot < gateways.count, let gateway = gateways[slot],
            gateway.handle == handle
        else { return nil }
        return gateway
    }
}

/// An inner packet for the host behind a gateway.
public struct Delivery {
    public let gateway: GatewayHandle
    public let packet: UnsafeRawBufferPointer
}

/// Random delays of timers. A predictable sequence is enough: it only keeps peers from acting in step.
/// The system's generator would cost a call per packet.
struct Jitter {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed | 1
    }

    /// Up to a third of a second, §6.1 (xorshift64).
    mutating func next() -> Interval {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Interval(nanoseconds: state % Constant.maximumJitter.nanoseconds)
    }
}
