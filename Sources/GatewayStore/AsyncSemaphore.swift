/// An async semaphore: bounds how many tasks do something at a time. Waiting tasks are served in the
/// order of their arrival; a cancelled task waits like any other.
actor AsyncSemaphore {
    private var permits: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(permits: Int) {
        self.permits = permits
    }

    nonisolated func withPermit<Value: Sendable>(
        _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        await acquire()
        do {
            let value = try await body()
            await release()
            return value
        } catch {
            await release()
            throw error
        }
    }

    private func acquire() async {
        guard permits == 0 else {
            permits -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Hands the permit to the first waiting task, so that no later one can take it in between.
    private func release() {
        guard !waiting.isEmpty else {
            permits += 1
            return
        }
        waiting.removeFirst().resume()
    }
}
