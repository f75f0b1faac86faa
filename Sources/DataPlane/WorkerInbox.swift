import CLinux
import Glibc
import Synchronization
import SystemIO
import WireGuardEngine

/// What the control side, or another worker, asks of a worker.
enum WorkerRequest: Sendable {
    /// Makes the worker the gateway's owner.
    case open(
        GatewayHandle,
        GatewayConfiguration,
        handshakes: UDPSocket,
        transport: UDPSocket,
        done: @Sendable (GatewayShare?) -> Void
    )
    case close(GatewayHandle, done: @Sendable () -> Void)
    /// Makes it carry packets of a gateway that another worker owns.
    case carry(GatewayShare, GatewayHandle, UDPSocket, done: @Sendable () -> Void)
    case stopCarrying(GatewayHandle, done: @Sendable () -> Void)
    case hear([OwnerNotice])
    case apply([DataPlaneChange], done: @Sendable () -> Void)
    /// Makes it read and write this queue of the interface; nil makes it stop.
    case attach(TUNQueue?, of: GatewayHandle?, done: @Sendable () -> Void)
    case inspect(GatewayHandle, fromSlot: UInt32, @Sendable (GatewaySlice?) -> Void)
    case report(@Sendable (WorkerReport) -> Void)
}

/// Requests on their way to a worker. A worker that waits for packets wakes up for them, because
/// `descriptor` becomes readable.
final class WorkerInbox: Sendable {
    let descriptor: Int32
    private let state = Lock(State())

    private struct State {
        var requests: [WorkerRequest] = []
        var isClosed = false
        /// In the notices that are queued.
        var noticeBytes = 0
    }

    /// How many bytes of handshake messages and packets other workers may queue here; more are dropped.
    private static let maximumNoticeBytes = 4 << 20

    init() throws(SystemError) {
        descriptor = try checked("eventfd", clinux_eventfd())
    }

    deinit { close(descriptor) }

    /// False after `closeForRequests()`: the request is not queued and will not be served.
    func post(_ request: WorkerRequest) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isClosed else { return false }
            state.requests.append(request)
            return true
        }
        if isTaken { _ = clinux_eventfd_signal(descriptor) }
        return isTaken
    }

    /// Queues another worker's notices. Notices with bytes are dropped while `maximumNoticeBytes` are
    /// queued; returns their number.
    func post(_ notices: [OwnerNotice]) -> Int {
        let dropped = state.withLock { state in
            guard !state.isClosed else { return 0 }
            let hasRoom = state.noticeBytes < Self.maximumNoticeBytes
            let taken = hasRoom ? notices : notices.filter { $0.byteCount == 0 }
            state.noticeBytes += taken.reduce(0) { $0 + $1.byteCount }
            state.requests.append(.hear(taken))
            return notices.count - taken.count
        }
        _ = clinux_eventfd_signal(descriptor)
        return dropped
    }

    /// Requests that were posted before are still served.
    func closeForRequests() {
        state.withLock { $0.isClosed = true }
        _ = clinux_eventfd_signal(descriptor)
    }

    /// Removes all requests in their order, and tells whether they are the last ones. Called by the
    /// worker.
    func drain() -> (requests: [WorkerRequest], isLast: Bool) {
        _ = clinux_eventfd_clear(descriptor)
        return state.withLock { state in
            defer {
                state.requests = []
                state.noticeBytes = 0
            }
            return (state.requests, state.isClosed)
        }
    }
}
