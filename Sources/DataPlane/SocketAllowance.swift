import Synchronization

/// How many sockets the gateways of a process may have in all, so that they leave file descriptors
/// for the rest of the process.
final class SocketAllowance: Sendable {
    private let left: Atomic<Int>

    init(_ count: Int) {
        left = Atomic(count)
    }

    /// Reserves places for all sockets of a gateway, or throws and reserves none.
    func reserve(_ count: Int) throws(DataPlaneError) -> SocketPlaces {
        guard left.wrappingSubtract(count, ordering: .relaxed).newValue >= 0 else {
            release(count)
            throw .tooManyOpenFiles
        }
        return SocketPlaces(of: self, count: count)
    }

    fileprivate func release(_ count: Int) {
        left.wrappingAdd(count, ordering: .relaxed)
    }
}

/// Held by the sockets that it was reserved for; released when the last of them is gone.
package final class SocketPlaces: Sendable {
    private let allowance: SocketAllowance
    private let count: Int

    fileprivate init(of allowance: SocketAllowance, count: Int) {
        self.allowance = allowance
        self.count = count
    }

    deinit { allowance.release(count) }
}
