import Synchronization
public import WireGuardEngine

/// The worker threads with their engines and sockets. Everything asked of it is done by the worker
/// of a gateway between two batches of packets, in the order of the calls.
///
/// The `done` closures run on the worker, which carries no packets meanwhile: they should only
/// pass a word on, and must not call `shutdown`. After `shutdown` they run at once.
public final class DataPlane: Sendable {
    private let placement: Placement
    private let inboxes: [WorkerInbox]
    private let threads: Mutex<[WorkerThread]>

    /// Starts the workers.
    public init(
        workers: Int,
        pinning: Pinning = .whenSeveral
    ) throws(DataPlaneError) {
        precondition(workers > 0, "a data plane needs a worker")
        placement = Placement(workers: workers, pinning: pinning)
        var inboxes: [WorkerInbox] = []
        var threads: [WorkerThread] = []
        do throws(DataPlaneError) {
            for number in 0..<workers {
                let inbox = try WorkerInbox()
                threads.append(
                    try Self.start(
                        inbox,
                        named: "wgw-worker-\(number)",
                        processor: placement.processor(of: number)
                    )
                )
                inboxes.append(inbox)
            }
        } catch {
            Self.stop(threads, inboxes)
            throw error
        }
        self.inboxes = inboxes
        self.threads = Mutex(threads)
    }

    deinit { shutdown() }

    public var workerCount: Int { inboxes.count }

    /// Stops the workers, waits for their end and closes all sockets. What was asked before is
    /// done first. Idempotent.
    public func shutdown() {
        threads.withLock { threads in
            Self.stop(threads, inboxes)
            threads = []
        }
    }

    /// Binds the gateway's socket, so that a busy port is known at once, and hands it to the
    /// worker of `placement`.
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
        let socket = try UDPSocket(listen)
        guard inbox(of: placement).post(.open(gateway, configuration, socket, done: done)) else {
            throw .stopped
        }
        return socket.port
    }

    /// The port is free again when `done` runs.
    public func closeGateway(
        _ gateway: GatewayHandle,
        placement: UInt32,
        then done: @escaping @Sendable () -> Void
    ) {
        guard inbox(of: placement).post(.close(gateway, done: done)) else { return done() }
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

    private func inbox(of number: UInt32) -> WorkerInbox {
        inboxes[placement.worker(of: number)]
    }

    private static func start(
        _ inbox: WorkerInbox,
        named name: String,
        processor: UInt32?
    ) throws(DataPlaneError) -> WorkerThread {
        // Made here, where its failure can be told; the rest is made in the thread.
        let poll = try EventPoll()
        try poll.add(inbox.descriptor, tag: Worker.inboxTag)
        return try WorkerThread(named: name, processor: processor) {
            var worker = Worker(inbox: inbox, poll: poll)
            worker.run()
        }
    }

    private static func stop(_ threads: [WorkerThread], _ inboxes: [WorkerInbox]) {
        for inbox in inboxes { inbox.closeForRequests() }
        for thread in threads { thread.join() }
    }
}
