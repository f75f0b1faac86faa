package import GatewayDomain
import Synchronization

/// Tells the parts of this process which events were committed. What another process commits is not
/// heard of here.
package final class CommitSignal: Sendable {
    package typealias Observer = @Sendable ([CommittedEvent]) -> Void

    private struct State {
        var nextID = 0
        /// In the order in which they began to observe, which is the order in which they are told.
        var observers: [(id: Int, observer: Observer)] = []
    }

    private let state = Mutex(State())

    init() {}

    /// Calls the observer with the events of each transaction that has any: after its commit, in the
    /// order of the commits, and before the one who asked for the change has an answer. All other
    /// changes wait meanwhile, so it must be short.
    @discardableResult
    package func observe(_ observer: @escaping Observer) -> Int {
        state.withLock { state in
            state.nextID += 1
            state.observers.append((state.nextID, observer))
            return state.nextID
        }
    }

    /// Called on the thread that commits.
    func publish(_ events: [CommittedEvent]) {
        guard !events.isEmpty else { return }
        for (_, observer) in state.withLock({ $0.observers }) { observer(events) }
    }

    /// Yields after each commit with an event of interest, and at least once per interval. Commits are
    /// coalesced for a slow reader. The stream ends when its reader is cancelled or `stop` is called.
    package func wakes(
        atLeastEvery interval: Duration,
        for isOfInterest: @escaping @Sendable (CommittedEvent) -> Bool = { _ in true }
    ) -> (wakes: AsyncStream<Void>, stop: @Sendable () -> Void) {
        let (wakes, waker) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let id = observe { events in
            if events.contains(where: isOfInterest) { waker.yield() }
        }
        let ticking = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: interval)
                waker.yield()
            }
        }
        waker.onTermination = { [weak self] _ in
            ticking.cancel()
            self?.state.withLock { $0.observers.removeAll { $0.id == id } }
        }
        return (wakes, { waker.finish() })
    }
}
