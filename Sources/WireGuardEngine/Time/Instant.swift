/// A moment on the driver's monotonic clock, which must count time asleep (`CLOCK_BOOTTIME`): keys
/// expire while a machine sleeps. Zero means "never" and must not be a reading of the clock.
@frozen
public struct Instant: Hashable, Comparable, Sendable {
    public let nanoseconds: UInt64

    @inlinable
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    @inlinable
    public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

    @inlinable
    public static func + (a: Instant, b: Interval) -> Instant {
        Instant(nanoseconds: a.nanoseconds &+ b.nanoseconds)
    }

    /// How long ago `earlier` was; zero when it lies ahead, so that a clock that goes backwards delays
    /// a timer and never traps.
    @inlinable
    public func since(_ earlier: Instant) -> Interval {
        Interval(
            nanoseconds: nanoseconds >= earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0
        )
    }

    static let never = Instant(nanoseconds: 0)

    /// Of a deadline; `never` is never due.
    func isDue(at now: Instant) -> Bool { self != .never && self <= now }
}

/// A length of time.
@frozen
public struct Interval: Hashable, Comparable, Sendable {
    public let nanoseconds: UInt64

    @inlinable
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    @inlinable
    public static func seconds(_ count: UInt64) -> Interval {
        Interval(nanoseconds: count * 1_000_000_000)
    }

    @inlinable
    public static func milliseconds(_ count: UInt64) -> Interval {
        Interval(nanoseconds: count * 1_000_000)
    }

    @inlinable
    public static func < (a: Interval, b: Interval) -> Bool { a.nanoseconds < b.nanoseconds }

    @inlinable
    public static func + (a: Interval, b: Interval) -> Interval {
        Interval(nanoseconds: a.nanoseconds &+ b.nanoseconds)
    }
}

/// Civil time, for TAI64N stamps and for what people read; it may jump.
@frozen
public struct WallTime: Hashable, Comparable, Sendable {
    /// Since 1970-01-01T00:00:00Z.
    public let nanoseconds: UInt64

    @inlinable
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    @inlinable
    public static func < (a: WallTime, b: WallTime) -> Bool { a.nanoseconds < b.nanoseconds }
}

/// Both clocks, read once per batch by the driver. The engine reads none.
@frozen
public struct Moment: Sendable {
    public let now: Instant
    public let wall: WallTime

    @inlinable
    public init(now: Instant, wall: WallTime) {
        self.now = now
        self.wall = wall
    }
}
