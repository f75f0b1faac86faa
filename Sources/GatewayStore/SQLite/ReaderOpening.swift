import GRDB
import Glibc
import Synchronization

/// Opens the readers of a pool while its path leads to the file that is meant. The pool itself opens
/// each when it is first needed, and would find then what has taken the file's place, or nothing.
final class ReaderOpening: Sendable {
    /// Far fewer than the threads that Dispatch has for blocks that wait.
    private static let most = 64
    private static let pauseMicroseconds: UInt32 = 100
    /// Stores that are opened at once may have to share those threads; then some readers are left out.
    private static let patience = Duration.seconds(1)

    private let arrived = Atomic(0)
    private let left = Atomic(0)

    static func openAll(of pool: DatabasePool) {
        let opening = ReaderOpening()
        let count = min(pool.configuration.maximumReaderCount, most)
        for _ in 0..<count {
            pool.asyncRead { database in
                // A reader opens its files with its first statement.
                try? database.get().execute(sql: "SELECT count(*) FROM sqlite_schema")
                opening.hold(until: count)
            }
        }
        while opening.left.load(ordering: .acquiring) < count { usleep(pauseMicroseconds) }
    }

    /// A reader that is held is not given out again, so that every read gets one of its own.
    private func hold(until count: Int) {
        arrived.add(1, ordering: .acquiringAndReleasing)
        let end = ContinuousClock.now + Self.patience
        while arrived.load(ordering: .acquiring) < count, ContinuousClock.now < end {
            usleep(Self.pauseMicroseconds)
        }
        left.add(1, ordering: .releasing)
    }
}
