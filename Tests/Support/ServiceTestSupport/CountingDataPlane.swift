import GatewayService
import Synchronization

/// Counts how often it was told that there is something new.
package final class CountingDataPlane: DataPlaneControl {
    private let count = Atomic<Int>(0)
    private let reaction = Mutex<(@Sendable () -> Void)?>(nil)

    package init() {}

    package var hints: Int { count.load(ordering: .relaxed) }

    /// Done once, before the next hint returns to the one that gives it.
    package func atNextHint(_ body: @escaping @Sendable () -> Void) {
        reaction.withLock { $0 = body }
    }

    package func stateChanged() {
        count.add(1, ordering: .relaxed)
        let body = reaction.withLock { reaction in
            defer { reaction = nil }
            return reaction
        }
        body?()
    }
}
