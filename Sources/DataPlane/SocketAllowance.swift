import Synchronization

/// How many sockets the gateways of a process may have in all. They would take every descriptor that
/// comes free otherwise, and other parts of the process need some, too.
final class SocketAllowance: Sendable {
    private let left: Atomic<Int>

    init(_ count: Int) {
        left = Atomic(count)
    }

    /// Places for all sockets of a gateway, or for none of them.
    func take(_ count: Int) throws(DataPlaneError) -> SocketPlaces {
        guard left.wrappingSubtract(count, ordering: .relaxed).newValue >= 0 else {
            giveBack(count)
            throw .tooManyOpenFiles
        }
        return SocketPlaces(of: self, count: count)
    }

    fileprivate func giveBack(_ count: Int) {
        left.wrappingAdd(count, ordering: .relaxed)
    }
}

/// Held by the sockets that it was taken for; others may have the places when the last of them is gone.
package final class SocketPlaces: Sendable {
    private let allowance: SocketAllowance
    private let count: Int

    fileprivate init(of allowance: SocketAllowance, count: Int) {
        self.allowance = allowance
        self.count = count
    }

    deinit { allowance.giveBack(count) }
}
