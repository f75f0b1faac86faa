/// An async semaphore: bounds how many tasks do something at a time. Waiting tasks are served in the
/// order of their arrival; a cancelled task waits like any other.
package actor AsyncSemaphore {
    private var permits: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package init(permits: Int) {
        self.permits = permits
    }

    nonisolated package func withPermit<Value: Sendable, Failure>(
        _ body: @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        await acquire()
        do throws(Failure) {
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
