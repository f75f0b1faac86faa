import CLinux
import Glibc

/// Waits for sockets and for a deadline at once.
package final class EventPoll: Sendable {
    /// How many events one call can bring.
    package static let capacity = Int(CLINUX_MAX_MESSAGES)

    private let descriptor: Int32

    package init() throws(SystemError) {
        descriptor = try checked("epoll_create1", clinux_epoll_create())
    }

    deinit { close(descriptor) }

    /// `tag` is what `wait` gives back while `file` has something to read.
    package func add(_ file: Int32, tag: UInt64) throws(SystemError) {
        try checked("epoll_ctl", clinux_epoll_add(descriptor, file, tag))
    }

    package func remove(_ file: Int32) { _ = clinux_epoll_remove(descriptor, file) }

    /// Writes the tags of what is readable and returns their number: zero at the deadline. A source
    /// that is not drained then is reported again, after the others.
    ///
    /// - Parameter deadline: a reading of `BootClock`; nil waits for ever.
    package func wait(
        untilNanoseconds deadline: UInt64?,
        into tags: UnsafeMutablePointer<UInt64>
    ) -> Int {
        var timeout: Int64 = -1
        if let deadline {
            let now = BootClock.nanoseconds
            timeout = deadline > now ? Int64(clamping: deadline - now) : 0
        }
        return Int(max(clinux_epoll_wait(descriptor, tags, UInt32(Self.capacity), timeout), 0))
    }
}
