/// What takes longer than a request may keep the thread that answers: one after the other, on another.
actor LongWork {
    private static let shared = LongWork()

    static func perform<Value: Sendable>(
        _ work: @Sendable () throws -> Value
    ) async throws -> Value {
        // The preference of a request is its event loop, for actors too.
        try await withTaskExecutorPreference(globalConcurrentExecutor) {
            try await shared.run(work)
        }
    }

    private func run<Value: Sendable>(_ work: @Sendable () throws -> Value) throws -> Value {
        try work()
    }
}
