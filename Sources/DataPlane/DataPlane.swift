import CLinux
import Synchronization
public import WireGuardEngine

/// The worker threads with their engines and sockets. Everything asked of it is done by the worker
/// of a gateway between two batches of packets, in the order of the calls.
///
/// The `done` closures run on the worker, which carries no packets meanwhile: they should only
/// pass a word on, and must not call `shutdown`. After `shutdown` they run at once.
public final class DataPlane: Sendable {
    private let placement: Placement
    private let allowance: SocketAllowance
    private let inboxes: [WorkerInbox]
    private let threads: Lock<[WorkerThread]>
    private let quiescence: Quiescence

    /// Starts the workers.
    ///
    /// - Parameter mostSockets: of all gateways together; each has one per worker and one more.
    public init(
        workers: Int,
        pinning: Pinning = .whenSeveral,
        mostSockets: Int = .max
    ) throws(DataPlaneError) {
        precondition(workers > 0, "a data plane needs a worker")
        allowance = SocketAllowance(mostSockets)
        placement = Placement(workers: workers, pinning: pinning)
        quiescence = Quiescence(workers: workers)
        var inboxes: [WorkerInbox] = []
        for _ in 0..<workers { inboxes.append(try WorkerInbox()) }
        self.inboxes = inboxes
        var threads: [WorkerThread] = []
        do throws(DataPlaneError) {
            for number in 0..<workers {
                threads.append(
                    try Self.start(
                        number,
                        inboxes,
                        quiescence,
                        processor: placement.processor(of: number)
                    )
                )
            }
        } catch {
            Self.stop(threads, inboxes, quiescence)
            throw error
        }
        self.threads = Lock(threads)
    }

    deinit { shutdown() }

    public var workerCount: Int { inboxes.count }

    /// Stops the workers, waits for their end and closes all sockets. What was asked before is
    /// done first. Idempotent.
    public func shutdown() {
        threads.withLock { threads in
            Self.stop(threads, inboxes, quiescence)
            threads = []
        }
    }

    /// Binds the gateway's sockets, so that a busy port is known at once. The worker of `placement`
    /// becomes its home; all workers carry its packets when `done` runs.
    ///
    /// - Returns: the port that is listened on.
    @discardableResult
    public func openGateway(
        _ gateway: GatewayHandle,
        _ configuration: GatewayConfiguration,
        listen: ListenAddress,
        placement: UInt32,
        then done: @escaping @Sendable () -> Void
    ) throws(DataPlaneError) -> UInt16 {
        let sockets = try GatewaySockets(listen, workers: workerCount, within: allowance)
        let home = self.placement.worker(of: placement)
        let others = others(than: home)
        let request = WorkerRequest.open(
            gateway,
            configuration,
            handshakes: sockets.handshakes,
            transport: sockets.transport[home]
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
        guard inboxes[home].post(request) else { throw .stopped }
        return sockets.port
    }

    /// The port is free again when `done` runs.
    public func closeGateway(
        _ gateway: GatewayHandle,
        placement: UInt32,
        then done: @escaping @Sendable () -> Void
    ) {
        let home = self.placement.worker(of: placement)
        let others = others(than: home)
        let inbox = inboxes[home]
        // The home frees what the others look at, so it comes last.
        let countdown = Countdown(from: others.count) {
            guard inbox.post(.close(gateway, done: done)) else { return done() }
        }
        for (_, other) in others where !other.post(.letGo(gateway, done: countdown.step)) {
            countdown.step()
        }
    }

    /// Applies the changes in order, with no packet between them.
    public func apply(
        _ changes: [DataPlaneChange],
        placement: UInt32,
        then done: @escaping @Sendable () -> Void
    ) {
        guard inbox(of: placement).post(.apply(changes, done: done)) else { return done() }
    }

    /// Calls `body` once per worker, on it.
    public func collectReports(_ body: @escaping @Sendable (WorkerReport) -> Void) {
        for inbox in inboxes where !inbox.post(.report(body)) { body(WorkerReport()) }
    }

    /// Calls `body` with a part of the gateway's state, or with nil when it is not carried.
    public func inspect(
        _ gateway: GatewayHandle,
        fromSlot slot: UInt32,
        placement: UInt32,
        then body: @escaping @Sendable (GatewaySlice?) -> Void
    ) {
        let request = WorkerRequest.inspect(gateway, fromSlot: slot, body)
        guard inbox(of: placement).post(request) else { return body(nil) }
    }

    private func inbox(of number: UInt32) -> WorkerInbox {
        inboxes[placement.worker(of: number)]
    }

    private func others(than home: Int) -> [(number: Int, inbox: WorkerInbox)] {
        inboxes.indices.filter { $0 != home }.map { ($0, inboxes[$0]) }
    }

    private static func start(
        _ number: Int,
        _ inboxes: [WorkerInbox],
        _ quiescence: Quiescence,
        processor: UInt32?
    ) throws(DataPlaneError) -> WorkerThread {
        // Made here, where its failure can be told; the rest is made in the thread.
        let poll = try EventPoll()
        try poll.add(inboxes[number].descriptor, tag: Worker.inboxTag)
        return try WorkerThread(named: "wgw-worker-\(number)", processor: processor) {
            var worker = Worker(
                number: number,
                inboxes: inboxes,
                poll: poll,
                quiescence: quiescence
            )
            worker.run()
            // Others may still look at what this engine owns.
            quiescence.depart()
            while !quiescence.allDeparted { clinux_yield() }
        }
    }

    private static func stop(
        _ threads: [WorkerThread],
        _ inboxes: [WorkerInbox],
        _ quiescence: Quiescence
    ) {
        for inbox in inboxes { inbox.closeForRequests() }
        // Those that were never started do not come to their end either.
        for _ in threads.count..<max(threads.count, quiescence.workers) { quiescence.depart() }
        WorkerThread.join(threads)
    }
}

/// Runs something when as many steps are done as it was made for; at once for none.
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
