import CLinux
import Synchronization
public import SystemIO
import WireGuardEngine

/// The worker threads with their engines and sockets. What they carry follows a `DesiredState`
/// (`reconcile`), in terms of the caller's ids; handles and placements stay in this module. Everything
/// is done by the worker of a gateway between two batches of packets, in the order of the calls.
///
/// The `done` closures run on the worker, which carries no packets meanwhile: they should only signal
/// another thread, and must not call `shutdown`. After `shutdown` they run at once.
public final class DataPlane: Sendable {
    private let placement: Placement
    private let allowance: SocketAllowance
    /// Of all packets of its sockets.
    private let mark: UInt32
    private let isSegmenting: Bool
    let inboxes: [WorkerInbox]
    private let threads: Lock<[WorkerThread]>
    private let reclamation: EpochReclamation
    /// Changed by `reconcile` alone; read by all who go by ids.
    let carried: Mutex<CarriedState>

    /// Starts the workers.
    ///
    /// - Parameters:
    ///   - mostSockets: how many sockets all gateways may have together; each gateway has one per worker and one
    ///     more.
    ///   - isSegmenting: whether runs of datagrams are left to the kernel to cut (`UDP_SEGMENT`).
    public init(
        workers: Int,
        pinning: Pinning = .whenSeveral,
        mostSockets: Int = .max,
        mark: UInt32 = 0,
        isSegmenting: Bool = true
    ) throws(SystemError) {
        precondition(workers > 0, "a data plane needs a worker")
        carried = Mutex(CarriedState())
        self.mark = mark
        allowance = SocketAllowance(mostSockets)
        self.isSegmenting = isSegmenting
        placement = Placement(workers: workers, pinning: pinning)
        reclamation = EpochReclamation(workers: workers)
        let ranges = MappedRanges()
        var inboxes: [WorkerInbox] = []
        for _ in 0..<workers { inboxes.append(try WorkerInbox()) }
        self.inboxes = inboxes
        var threads: [WorkerThread] = []
        do throws(SystemError) {
            for number in 0..<workers {
                threads.append(
                    try Self.start(
                        number,
                        inboxes,
                        reclamation,
                        ranges,
                        processor: placement.processor(of: number)
                    )
                )
            }
        } catch {
            Self.stop(threads, inboxes, reclamation)
            throw error
        }
        self.threads = Lock(threads)
    }

    deinit { shutdown() }

    public var workerCount: Int { inboxes.count }

    /// Stops the workers, waits for their end and closes all sockets. Requests made before are served
    /// first. Idempotent.
    public func shutdown() {
        threads.withLock { threads in
            Self.stop(threads, inboxes, reclamation)
            threads = []
        }
    }

    /// Binds the gateway's sockets, so that a busy port is known at once. The worker of `placement`
    /// becomes its owner; all workers carry its packets when `done` runs.
    ///
    /// - Returns: the port that is listened on.
    @discardableResult
    func openGateway(
        _ gateway: GatewayHandle,
        _ configuration: GatewayConfiguration,
        listen: ListenAddress,
        placement: UInt32,
        then done: @escaping @Sendable () -> Void
    ) throws(SystemError) -> UInt16 {
        let sockets = try GatewaySockets(
            listen,
            workers: workerCount,
            mark: mark,
            within: allowance,
            segmenting: isSegmenting
        )
        let owner = self.placement.worker(of: placement)
        let others = others(than: owner)
        let request = WorkerRequest.open(
            gateway,
            configuration,
            handshakes: sockets.handshakes,
            transport: sockets.transport[owner]
        ) { share in
            let countdown = Countdown(from: others.count, then: done)
            for (number, inbox) in others {
                let isTaken = share.map {
                    inbox.post(
                        .carry($0, gateway, sockets.transport[number], done: countdown.step)
                    )
                }
                if isTaken != true { countdown.step() }
            }
        }
        guard inboxes[owner].post(request) else { throw .stopped }
        return sockets.port
    }

    /// The port is free again when `done` runs.
    func closeGateway(
        _ gateway: GatewayHandle,
        placement: UInt32,
        then done: @escaping @Sendable () -> Void
    ) {
        let owner = self.placement.worker(of: placement)
        let others = others(than: owner)
        let inbox = inboxes[owner]
        // The owner frees what the others read, so it comes last.
        let countdown = Countdown(from: others.count) {
            guard inbox.post(.close(gateway, done: done)) else { return done() }
        }
        for (_, other) in others where !other.post(.stopCarrying(gateway, done: countdown.step)) {
            countdown.step()
        }
    }

    /// Applies the changes in order, with no packet between them.
    func apply(
        _ changes: [DataPlaneChange],
        placement: UInt32,
        then done: @escaping @Sendable () -> Void
    ) {
        guard inbox(of: placement).post(.apply(changes, done: done)) else { return done() }
    }

    /// Calls `body` once per worker, on it.
    func collectReports(_ body: @escaping @Sendable (WorkerReport) -> Void) {
        for inbox in inboxes where !inbox.post(.report(body)) { body(WorkerReport()) }
    }

    /// Calls `body` once per worker, on it. Nothing else comes of it: reports are for those who keep them.
    func collectHeartbeats(_ body: @escaping @Sendable () -> Void) {
        for inbox in inboxes where !inbox.post(.apply([], done: body)) { body() }
    }

    /// Calls `body` with a part of the gateway's state, or with nil when it is not carried.
    package func inspect(
        _ id: DesiredGateway.ID,
        fromSlot slot: UInt32,
        then body: @escaping @Sendable (GatewaySlice?) -> Void
    ) {
        guard let place = carried.withLock({ $0.place(of: id) }) else { return body(nil) }
        let request = WorkerRequest.inspect(place.handle, fromSlot: slot, body)
        guard inbox(of: place.placement).post(request) else { return body(nil) }
    }

    private func inbox(of number: UInt32) -> WorkerInbox {
        inboxes[placement.worker(of: number)]
    }

    private func others(than owner: Int) -> [(number: Int, inbox: WorkerInbox)] {
        inboxes.indices.filter { $0 != owner }.map { ($0, inboxes[$0]) }
    }

    private static func start(
        _ number: Int,
        _ inboxes: [WorkerInbox],
        _ reclamation: EpochReclamation,
        _ ranges: MappedRanges,
        processor: UInt32?
    ) throws(SystemError) -> WorkerThread {
        // Made here, where a failure can be thrown; the rest is made in the thread.
        let poll = try EventPoll()
        try poll.add(inboxes[number].descriptor, tag: EventSource.inbox.tag)
        return try WorkerThread(named: "wgw-worker-\(number)", processor: processor) {
            var worker = Worker(
                number: number,
                inboxes: inboxes,
                poll: poll,
                reclamation: reclamation,
                ranges: ranges
            )
            worker.run()
            // The engine's memory is freed at the end of this closure: other workers may still read it.
            reclamation.depart()
            while !reclamation.allDeparted { clinux_yield() }
        }
    }

    private static func stop(
        _ threads: [WorkerThread],
        _ inboxes: [WorkerInbox],
        _ reclamation: EpochReclamation
    ) {
        for inbox in inboxes { inbox.closeForRequests() }
        // Workers that were never started cannot depart themselves.
        for _ in threads.count..<max(threads.count, reclamation.workers) { reclamation.depart() }
        WorkerThread.join(threads)
    }
}

/// Calls `done` after `count` steps; at once if `count` is zero.
private final class Countdown: Sendable {
    private let left: Atomic<Int>
    private let done: @Sendable () -> Void

    init(from count: Int, then done: @escaping @Sendable () -> Void) {
        left = Atomic(count)
        self.done = done
        if count == 0 { done() }
    }

    @Sendable
    func step() {
        if left.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { done() }
    }
}
