import Synchronization

/// How many sockets may be open at once of those that share the allowance, so that file descriptors are
/// left for the rest of the process.
package final class SocketAllowance: Sendable {
    private let left: Atomic<Int>

    package init(_ count: Int) {
        left = Atomic(count)
    }

    /// Reserves places for all of some sockets, or throws and reserves none.
    package func reserve(_ count: Int) throws(SystemError) -> SocketPlaces {
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
