import Synchronization
import SystemIO

/// Work that threads wait for.
final class PostgreSQLQueue<Job: Sendable>: Sendable {
    private struct Waiting {
        var jobs: [Job] = []
        var hasEnded = false
    }

    private let state = Mutex(Waiting())
    /// Counts what was added.
    private let semaphore = ThreadSemaphore()

    func add(_ job: Job) {
        state.withLock { $0.jobs.append(job) }
        semaphore.post()
    }

    /// Waits for work, and takes the oldest jobs, at most `limit`. Nil after the end.
    func take(atMost limit: Int) -> [Job]? {
        while true {
            semaphore.wait()
            let taken: [Job]? = state.withLock { state in
                if state.jobs.isEmpty, state.hasEnded { return nil }
                let taken = Array(state.jobs.prefix(limit))
                state.jobs.removeFirst(taken.count)
                return taken
            }
            guard let taken else {
                // For the next thread that waits.
                semaphore.post()
                return nil
            }
            if !taken.isEmpty { return taken }
        }
    }

    /// What was added before is still given out.
    func end() {
        state.withLock { $0.hasEnded = true }
        semaphore.post()
    }
}
