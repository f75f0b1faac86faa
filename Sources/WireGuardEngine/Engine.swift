/// The WireGuard protocol for the gateways of one worker, both roles, as a value: it is fed
/// datagrams and the time, and it fills a batch with datagrams to send. It owns no socket, clock,
/// thread or random source, so a run of it can be repeated exactly.
///
/// A packet's journey is `receive` here and then the files of `PacketPath/`, in the order
/// Identify, Open, CheckSource, Route, Seal; a handshake's is in `HandshakePath/`.
public struct Engine: ~Copyable {
    let random: RandomSource
    var gateways: [GatewayPointer?] = []
    var peers = PeerTable()
    var timers = TimerQueue()
    var jitter: Jitter
    var load = HandshakeLoad()
    var staging = StagingBudget()
    /// Peers whose counters changed since the last report.
    var dueReports: [PeerHandle] = []
    /// Memory that the batch before this one may still have looked at.
    var retired: [() -> Void] = []
    /// The packets of the run under way.
    let flight: UnsafeMutablePointer<InFlight>
    var delivered: [Delivery] = []

    public init(random: RandomSource) {
        self.random = random
        jitter = Jitter(seed: random.next())
        flight = .allocate(capacity: InFlight.maximumRun)
        delivered.reserveCapacity(InFlight.maximumRun)
    }

    deinit {
        peers.forEach { record in
            guard let active = record.pointee.active else { return }
            Self.free(active, sessionsOf: record)
        }
        for case let gateway? in gateways {
            gateway.deinitialize(count: 1)
            gateway.deallocate()
        }
        for free in retired { free() }
        flight.deallocate()
    }

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
                receiveHandshake(
                    kind,
                    message,
                    on: gateway,
                    from: run.path,
                    at: moment,
                    into: &outgoing
                )
                offset += length
            }
        }
    }

    /// The packets that the last `receive` handed to gateways with `LocalDelivery.host`. They lie
    /// in the run's bytes.
    public var deliveries: [Delivery] { delivered }

    /// Frees what was retired before the present batch: nobody looks at it any more.
    mutating func reclaim() {
        guard !retired.isEmpty else { return }
        for free in retired { free() }
        retired.removeAll(keepingCapacity: true)
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
