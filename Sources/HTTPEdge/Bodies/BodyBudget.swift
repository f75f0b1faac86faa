import Synchronization

/// How many bytes of bodies that are coming, or wait to be read, may be in memory, over all requests.
/// Each body may be large and each may be slow, but not all at once.
package final class BodyBudget: Sendable {
    package static let shared = BodyBudget(bytes: 32 << 20)
    /// What an ordinary request needs, and gets without asking.
    static let free = 16 << 10

    private let left: Atomic<Int>

    package init(bytes: Int) {
        left = Atomic(bytes)
    }

    fileprivate func take(_ bytes: Int) -> Bool {
        guard left.subtract(bytes, ordering: .relaxed).newValue < 0 else { return true }
        giveBack(bytes)
        return false
    }

    fileprivate func giveBack(_ bytes: Int) {
        left.add(bytes, ordering: .relaxed)
    }
}

extension BodyBudget {
    /// What one body has of it. Its deinitializer gives that back, however the request ended.
    package final class Share: Sendable {
        private let budget: BodyBudget
        private let taken = Atomic(0)

        package init(of budget: BodyBudget) {
            self.budget = budget
        }

        deinit { budget.giveBack(taken.load(ordering: .relaxed)) }

        /// - Returns: false when the budget has less left than that; the share keeps what it has.
        package func grow(to bytes: Int) -> Bool {
            let missing = bytes - taken.load(ordering: .relaxed)
            guard missing > 0 else { return true }
            guard budget.take(missing) else { return false }
            taken.add(missing, ordering: .relaxed)
            return true
        }
    }
}
