package import GatewayDomain
import Synchronization

/// A clock that only the test moves. Each look at it is a step later than the last, so that lists
/// have one order.
package final class SteppingClock: Sendable {
    private let microseconds = Mutex<Int64>(1_723_044_592_068_774)
    private let step: Int64
    private let start = ContinuousClock.now

    /// - Parameter step: in microseconds.
    package init(step: Int64 = 1) {
        self.step = step
    }

    package func now() -> Timestamp {
        microseconds.withLock { value in
            value += step
            return Timestamp(microseconds: value)
        }
    }

    /// By the same clock, which no look at moves.
    package var uptime: ContinuousClock.Instant {
        start + .microseconds(microseconds.withLock(\.self))
    }

    /// Forward or back. The next look at it is a step later.
    package func set(to time: Timestamp) {
        microseconds.withLock { $0 = time.microseconds }
    }

    package func advance(seconds: Int64) {
        microseconds.withLock { $0 += seconds * 1_000_000 }
    }
}
