import CLinux

/// The machine's clocks, in nanoseconds.
package enum BootClock {
    /// Since the machine was started, time asleep included (`CLOCK_BOOTTIME`), as the life of a key must count it.
    package static var nanoseconds: UInt64 {
        var nanoseconds: UInt64 = 0
        let status = clinux_boot_time(&nanoseconds)
        precondition(status == 0, "this kernel has no CLOCK_BOOTTIME")
        return nanoseconds
    }

    /// Civil time, since 1970-01-01T00:00:00Z; it may jump.
    package static var wallNanoseconds: UInt64 {
        var nanoseconds: UInt64 = 0
        _ = clinux_wall_time(&nanoseconds)
        return nanoseconds
    }
}
