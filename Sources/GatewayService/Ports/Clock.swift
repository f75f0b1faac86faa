package import GatewayDomain
import Glibc
import Synchronization

/// Where the control plane gets its wall-clock time from. Tests bring their own.
///
/// A verb that changes something looks at it inside its transaction. Transactions follow one another, so
/// that lists, which are ordered by `created_at`, only ever grow at their end, and no page shows an object
/// twice because another one was made meanwhile; and the journal's times are in order.
package typealias WallClock = @Sendable () -> Timestamp

/// The system's clock, which somebody may set back, without that: it tells no time twice.
package final class ForwardClock: Sendable {
    private let last = Mutex(Timestamp(microseconds: .min))

    package init() {}

    package func now() -> Timestamp {
        let time = Timestamp.now()
        return last.withLock { last in
            last = max(time, Timestamp(microseconds: last.microseconds &+ 1))
            return last
        }
    }
}

extension Timestamp {
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
