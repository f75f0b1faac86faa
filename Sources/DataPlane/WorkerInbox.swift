import CLinux
import Glibc
import Synchronization
import WireGuardEngine

/// What the control side, or another worker, asks of a worker.
enum WorkerRequest: Sendable {
    /// Makes it the gateway's home.
    case open(
        GatewayHandle,
        GatewayConfiguration,
        handshakes: UDPSocket,
        transport: UDPSocket,
        done: @Sendable (GatewayShare?) -> Void
    )
    case close(GatewayHandle, done: @Sendable () -> Void)
    /// Packets of a gateway whose home is another worker.
    case carry(GatewayShare, GatewayHandle, UDPSocket, done: @Sendable () -> Void)
    case letGo(GatewayHandle, done: @Sendable () -> Void)
    case hear([HomeNotice])
    case apply([DataPlaneChange], done: @Sendable () -> Void)
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
        /// In the notices that wait.
        var noticeBytes = 0
    }

    /// Messages and packets that other workers may leave here, in bytes, before they are dropped.
    private static let maximumNoticeBytes = 4 << 20

    init() throws(DataPlaneError) {
        descriptor = try checked("eventfd", clinux_eventfd())
    }

    deinit { close(descriptor) }

    /// False after `close()`: the request was not taken and will not be served.
    func post(_ request: WorkerRequest) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isClosed else { return false }
            state.requests.append(request)
            return true
        }
        if isTaken { _ = clinux_eventfd_signal(descriptor) }
        return isTaken
    }

    /// Takes what another worker left to this one. Those that hold bytes of others are dropped when
    /// too many wait; their number is returned.
    func post(_ notices: [HomeNotice]) -> Int {
        let dropped = state.withLock { state in
            guard !state.isClosed else { return 0 }
            let mayHoldBytes = state.noticeBytes < Self.maximumNoticeBytes
            let taken = mayHoldBytes ? notices : notices.filter { $0.byteCount == 0 }
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

    /// All requests in their order, and whether they are the last ones. Called by the worker.
    func take() -> (requests: [WorkerRequest], isLast: Bool) {
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
