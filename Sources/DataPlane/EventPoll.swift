import CLinux
import Glibc
package import WireGuardEngine

/// Waits for sockets and for the engine's next deadline at once.
package final class EventPoll: Sendable {
    /// How many events one call can bring.
    package static let capacity = Int(CLINUX_MAX_MESSAGES)

    private let descriptor: Int32

    package init() throws(DataPlaneError) {
        descriptor = try checked("epoll_create1", clinux_epoll_create())
    }

    deinit { close(descriptor) }

    /// `tag` is what `wait` gives back while `file` has something to read.
    package func add(_ file: Int32, tag: UInt64) throws(DataPlaneError) {
        try checked("epoll_ctl", clinux_epoll_add(descriptor, file, tag))
    }

    func remove(_ file: Int32) { _ = clinux_epoll_remove(descriptor, file) }

    /// Writes the tags of what is readable and returns their number: zero at the deadline. A source
    /// that is not drained then is reported again, after the others.
    package func wait(until deadline: Instant?, into tags: UnsafeMutablePointer<UInt64>) -> Int {
        let timeout = deadline.map { Int64(clamping: $0.since(BootClock.now).nanoseconds) } ?? -1
        return Int(max(clinux_epoll_wait(descriptor, tags, UInt32(Self.capacity), timeout), 0))
    }
}
