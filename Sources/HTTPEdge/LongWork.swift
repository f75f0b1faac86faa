/// A queue for work that takes longer than a request may keep the thread that answers. Its works run
/// one after the other, on a thread that answers no requests.
package actor LongWork {
    package init() {}

    nonisolated package func perform<Value: Sendable>(
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
