package import GatewayDomain
import Glibc

/// Where the control plane gets its wall-clock time from. Tests bring their own.
///
/// It may be set forward and back at any time: a time tells when something happened, and never what came
/// first. The order of lists, changes and events is that of the journal's revisions. A verb looks at the
/// clock inside its transaction, so that the two agree while nothing sets it.
package typealias WallClock = @Sendable () -> Timestamp

extension Timestamp {
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
