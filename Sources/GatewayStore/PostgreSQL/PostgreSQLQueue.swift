import Synchronization
import SystemIO

/// Work that threads wait for. There is room for as much as can be done while its callers still wait: what comes when
/// that is taken, or has waited for too long, is refused.
final class PostgreSQLQueue<Work: Sendable>: Sendable {
    struct Job: Sendable {
        let begin: ContinuousClock.Instant
        let work: Work
        let fail: @Sendable (any Error) -> Void

        /// Until then, another server is looked for where the one that is known is gone.
        var deadline: ContinuousClock.Instant { begin + PostgreSQLLine.patience }
    }

    private struct Waiting {
        var jobs: [Job] = []
        var hasEnded = false
        var refusedCount = 0
    }

    private let room: Int
    private let longestWait: Duration
    private let state = Mutex(Waiting())
    /// Counts what was added.
    private let semaphore = ThreadSemaphore()

    init(room: Int = 1_000, longestWait: Duration = .seconds(10)) {
        self.room = room
        self.longestWait = longestWait
    }

    /// How many jobs were refused.
    var refusedCount: Int { state.withLock(\.refusedCount) }

    /// - Parameter fail: is called where the work is refused, or by who carries it out.
    func add(_ work: Work, fail: @escaping @Sendable (any Error) -> Void) {
        let job = Job(begin: .now, work: work, fail: fail)
        let hasRoom = state.withLock { state in
            guard state.jobs.count < room else {
                state.refusedCount += 1
                return false
            }
            state.jobs.append(job)
            return true
        }
        if hasRoom { semaphore.post() } else { fail(StoreError.overloaded) }
    }

    /// Waits for work, and takes the oldest jobs, at most `limit`. Nil after the end.
    func take(atMost limit: Int) -> [Job]? {
        while true {
            semaphore.wait()
            let first = ContinuousClock.now - longestWait
            let taken: (jobs: [Job], late: [Job])? = state.withLock { state in
                if state.jobs.isEmpty, state.hasEnded { return nil }
                let late = Array(state.jobs.prefix { $0.begin < first })
                let jobs = Array(state.jobs.dropFirst(late.count).prefix(limit))
                state.jobs.removeFirst(late.count + jobs.count)
                state.refusedCount += late.count
                return (jobs, late)
            }
            guard let taken else {
                // For the next thread that waits.
                semaphore.post()
                return nil
            }
            for job in taken.late { job.fail(StoreError.overloaded) }
            if !taken.jobs.isEmpty { return taken.jobs }
        }
    }

    /// Those of the oldest jobs, at most `limit`, that wait at the moment; perhaps none.
    func takeWaiting(atMost limit: Int) -> [Job] {
        state.withLock { state in
            let taken = Array(state.jobs.prefix(limit))
            state.jobs.removeFirst(taken.count)
            return taken
        }
    }

    /// What was added before is still given out.
    func end() {
        state.withLock { $0.hasEnded = true }
        semaphore.post()
    }
}
