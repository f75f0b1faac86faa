import CLinux
import Glibc

/// A descriptor (`eventfd(2)`) that a thread polls beside others, to be woken by other threads.
package final class ThreadAlarm: Sendable {
    /// Readable from the first `ring` to the next `clear`.
    package let descriptor: Int32

    package init() throws(SystemError) {
        descriptor = clinux_eventfd()
        guard descriptor >= 0 else { throw .system(call: "eventfd", errno: -descriptor) }
    }

    deinit { close(descriptor) }

    package func ring() { _ = clinux_eventfd_signal(descriptor) }

    package func clear() { _ = clinux_eventfd_clear(descriptor) }
}
