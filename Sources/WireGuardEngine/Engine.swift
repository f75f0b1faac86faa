/// The WireGuard protocol for the gateways of one worker, both roles, as a value: it is fed
/// datagrams and the time, and it fills a batch with datagrams to send. It owns no socket, clock,
/// thread or random source, so a run of it can be repeated exactly.
///
/// A gateway has one home, the engine that it was installed in, which owns its peers, handshakes
/// and timers. Engines of other workers may carry its packets, too (`Sharing/`): they share its
/// sessions, routes and counters without a lock that is held for longer than a few instructions.
///
/// A packet's journey is `receive` here and then the files of `PacketPath/`, in the order
/// Identify, Open, CheckSource, Route, Seal; a handshake's is in `HandshakePath/`.
public struct Engine: ~Copyable {
    let random: RandomSource
    /// Which of the workers of `quiescence` this is.
    let number: Int
    let quiescence: Quiescence
    private let presence: Quiescence.Presence
    var gateways: [GatewayPointer?] = []
    /// The tables of those gateways, as far as this worker knows.
    var tables: [SeenTable] = []
    let peers = PeerTable()
    var timers = TimerQueue()
    var jitter: Jitter
    var load = HandshakeLoad()
    var staging = StagingBudget()
    /// Peers whose counters changed since the last report.
    var dueReports: [DueReport] = []
    /// Memory that others may still look at.
    var retired = RetiredMemory()
    /// For other workers.
    var notices: [HomeNotice] = []
    var noticeBytes = 0
    /// The packets of the run under way.
    let flight: UnsafeMutablePointer<InFlight>
    var delivered: [Delivery] = []

    /// - Parameters:
    ///   - number: which of the workers of `quiescence` this engine belongs to.
    ///   - quiescence: shared by all engines that carry gateways of each other.
    public init(
        random: RandomSource,
        number: Int = 0,
        sharing quiescence: Quiescence = Quiescence(workers: 1)
    ) {
        precondition((0..<quiescence.workers).contains(number))
        self.random = random
        self.number = number
        self.quiescence = quiescence
        presence = quiescence.presence(of: number)
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
        for case let gateway? in gateways where gateway.pointee.home == number {
            gateway.deinitialize(count: 1)
            gateway.deallocate()
        }
        flight.deallocate()
    }

    /// Before a batch of calls: from now until `leave` it may hold what others retire.
    public mutating func enter() { presence.enter() }

    /// After a batch, before a wait: nothing of others is held.
    public mutating func leave() { presence.leave() }

    /// Takes what one receive call brought. What it causes to be sent is appended to `outgoing`,
    /// which points into the run's own bytes.
    public mutating func receive(
        _ run: DatagramRun,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        reclaim()
        delivered.removeAll(keepingCapacity: true)
        guard let gateway = find(run.gateway) else { return }
        guard !run.bytes.isEmpty, run.segmentSize > 0,
            let base = run.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        else {
            // UDP carries empty datagrams too.
            gateway.pointee.drops.record(.malformedMessage)
            return
        }

        var offset = 0
        while offset < run.bytes.count {
            let message = base + offset
            let length = min(run.segmentSize, run.bytes.count - offset)
            guard let kind = MessageKind(message, length: length) else {
                gateway.pointee.drops.record(.malformedMessage)
                offset += length
                continue
            }
            if kind == .transport {
                let count = gather(run, from: offset)
                forward(count, on: gateway, from: run.path, at: moment, into: &outgoing)
                offset += min(count * run.segmentSize, run.bytes.count - offset)
            } else {
                if isHome(of: gateway) {
                    receiveHandshake(
                        kind,
                        message,
                        on: gateway,
                        from: run.path,
                        at: moment,
                        into: &outgoing
                    )
                } else {
                    leaveHandshake(message.bytes(0..<length), on: gateway, from: run.path)
                }
                offset += length
            }
        }
    }

    /// The packets that the last `receive` handed to gateways with `LocalDelivery.host`. They lie
    /// in the run's bytes.
    public var deliveries: [Delivery] { delivered }

    /// Frees what was retired before: as far as nobody looks at it any more.
    mutating func reclaim() {
        guard !retired.isEmpty else { return }
        retired.reclaim(quiescence)
    }

    /// Takes what was just unlinked.
    mutating func retire(_ free: @escaping () -> Void) {
        retired.append(quiescence.stamp(), free)
    }

    /// The newest table of a gateway. `tables` holds it until this worker's next call of the kind.
    @inline(__always)
    mutating func table(of gateway: GatewayPointer) -> Unmanaged<ForwardingTable> {
        let slot = Int(gateway.pointee.handle.slot)
        gateway.pointee.table.refresh(&tables[slot])
        return .passUnretained(tables[slot].table)
    }

    mutating func enter(_ gateway: GatewayPointer) {
        let slot = Int(gateway.pointee.handle.slot)
        while gateways.count <= slot {
            gateways.append(nil)
            tables.append(SeenTable())
        }
        precondition(gateways[slot] == nil, "the slot of another gateway")
        gateways[slot] = gateway
    }

    mutating func remove(_ handle: GatewayHandle) {
        gateways[Int(handle.slot)] = nil
        tables[Int(handle.slot)] = SeenTable()
    }

    @inline(__always)
    func find(_ handle: GatewayHandle) -> GatewayPointer? {
        let slot = Int(handle.slot)
        guard slot < gateways.count, let gateway = gateways[slot],
            gateway.pointee.handle == handle
        else { return nil }
        return gateway
    }
}

/// An inner packet for the host behind a gateway.
public struct Delivery {
    public let gateway: GatewayHandle
    public let packet: UnsafeRawBufferPointer
}

/// Randomness for timers, where a predictable sequence harms nobody and a call to the system's
/// generator per packet would.
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
