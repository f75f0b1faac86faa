import Synchronization

/// Tells whoever waits that the database has changed.
package final class CommitBell: Sendable {
    private struct State {
        var nextID = 0
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let state = Mutex(State())

    func ring() {
        state.withLock { state in
            for listener in state.listeners.values { listener.yield() }
        }
    }

    /// Several changes in a row are one ring for whoever is slow. It also rings when nothing has
    /// happened for an interval. It ends with its listener, or when it is told to stop.
    package func rings(
        atLeastEvery interval: Duration
    ) -> (rings: AsyncStream<Void>, stop: @Sendable () -> Void) {
        let (rings, listener) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let id = state.withLock { state in
            state.nextID += 1
            state.listeners[state.nextID] = listener
            return state.nextID
        }
        let ticking = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: interval)
                listener.yield()
            }
        }
        listener.onTermination = { [weak self] _ in
            ticking.cancel()
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: id) }
        }
        return (rings, { listener.finish() })
    }
}
