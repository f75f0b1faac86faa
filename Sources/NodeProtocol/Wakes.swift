extension AsyncStream<Void> {
    /// Yields when its waker does, and at least once per interval. What comes while the reader is slow is one.
    package static func wakes(
        atLeastEvery interval: Duration
    ) -> (wakes: AsyncStream<Void>, waker: Continuation, ticking: Task<Void, Never>) {
        let (wakes, waker) = makeStream(bufferingPolicy: .bufferingNewest(1))
        let ticking = Task {
            while (try? await Task.sleep(for: interval)) != nil { waker.yield() }
        }
        return (wakes, waker, ticking)
    }
}
