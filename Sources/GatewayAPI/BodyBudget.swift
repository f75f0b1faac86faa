import Synchronization

/// How much of bodies that are still coming may be in memory, over all requests. Each may be large and
/// each may be slow, but not all at once.
final class BodyBudget: Sendable {
    static let shared = BodyBudget(bytes: 32 << 20)
    /// What an ordinary request needs, and gets without asking.
    static let free = 16 << 10

    private let left: Atomic<Int>

    init(bytes: Int) {
        left = Atomic(bytes)
    }

    func take(_ bytes: Int) -> Bool {
        guard left.subtract(bytes, ordering: .relaxed).newValue < 0 else { return true }
        giveBack(bytes)
        return false
    }

    func giveBack(_ bytes: Int) {
        left.add(bytes, ordering: .relaxed)
    }
}
