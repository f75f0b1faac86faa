package import GatewayDomain
import Glibc

/// Where the control plane gets its wall-clock time from. Tests bring their own.
package typealias WallClock = @Sendable () -> Timestamp

extension Timestamp {
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
