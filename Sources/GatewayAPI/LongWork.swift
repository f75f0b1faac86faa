/// What takes longer than a request may keep the thread that answers: one after the other, on another.
actor LongWork {
    /// The text of `/metrics`.
    static let metrics = LongWork()
    private static let bodies = (0..<8).map { _ in LongWork() }

    /// For the bodies that come with a key. Those of another key wait elsewhere, mostly: there are few
    /// queues, so that few bodies are worked on at once.
    static func bodies(of key: String?) -> LongWork {
        bodies[Int(UInt(bitPattern: key.hashValue) % UInt(bodies.count))]
    }

    nonisolated func perform<Value: Sendable>(
        _ work: @Sendable () throws -> Value
    ) async throws -> Value {
        // The preference of a request is its event loop, for actors too.
        try await withTaskExecutorPreference(globalConcurrentExecutor) {
            try await run(work)
        }
    }

    private func run<Value: Sendable>(_ work: @Sendable () throws -> Value) throws -> Value {
        try work()
    }
}
