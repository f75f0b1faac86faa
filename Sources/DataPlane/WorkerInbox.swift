import CLinux
import Glibc
import Synchronization
import WireGuardEngine

/// What the control side asks of a worker.
enum WorkerRequest: Sendable {
    case open(GatewayHandle, GatewayConfiguration, UDPSocket, done: @Sendable () -> Void)
    case close(GatewayHandle, done: @Sendable () -> Void)
    case apply([DataPlaneChange], done: @Sendable () -> Void)
    case report(@Sendable (WorkerReport) -> Void)
}

/// Requests on their way to a worker. A worker that waits for packets wakes up for them, because
/// `descriptor` becomes readable.
final class WorkerInbox: Sendable {
    let descriptor: Int32
    private let state = Mutex(State())

    private struct State {
        var requests: [WorkerRequest] = []
        var isClosed = false
    }

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

    /// Requests that were posted before are still served.
    func closeForRequests() {
        state.withLock { $0.isClosed = true }
        _ = clinux_eventfd_signal(descriptor)
    }

    /// All requests in their order, and whether they are the last ones. Called by the worker.
    func take() -> (requests: [WorkerRequest], isLast: Bool) {
        _ = clinux_eventfd_clear(descriptor)
        return state.withLock { state in
            defer { state.requests = [] }
            return (state.requests, state.isClosed)
        }
    }
}
