import Synchronization

/// How much of bodies that are coming, or wait to be read as JSON, may be in memory, over all requests.
/// Each may be large and each may be slow, but not all at once.
final class BodyBudget: Sendable {
    static let shared = BodyBudget(bytes: 32 << 20)
    /// What an ordinary request needs, and gets without asking.
    static let free = 16 << 10

    private let left: Atomic<Int>

    init(bytes: Int) {
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
    /// What one body has of it. Its end gives that back, however it came.
    final class Share: Sendable {
        private let budget: BodyBudget
        private let taken = Atomic(0)

        init(of budget: BodyBudget) {
            self.budget = budget
        }

        deinit { budget.giveBack(taken.load(ordering: .relaxed)) }

        /// - Returns: false when so much is not left; what it has it keeps.
        func grow(to bytes: Int) -> Bool {
            let missing = bytes - taken.load(ordering: .relaxed)
            guard missing > 0 else { return true }
            guard budget.take(missing) else { return false }
            taken.add(missing, ordering: .relaxed)
            return true
        }
    }
}
