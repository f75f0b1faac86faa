import CLinux
package import WireGuardEngine

/// The machine's clocks. `CLOCK_BOOTTIME` counts time asleep, as the life of a key must.
package enum BootClock {
    package static var now: Instant {
        var nanoseconds: UInt64 = 0
        let status = clinux_boot_time(&nanoseconds)
        precondition(status == 0, "this kernel has no CLOCK_BOOTTIME")
        return Instant(nanoseconds: nanoseconds)
    }

    /// Read once per batch.
    package static var moment: Moment {
        var wall: UInt64 = 0
        _ = clinux_wall_time(&wall)
        return Moment(now: now, wall: WallTime(nanoseconds: wall))
    }
}
