package import WireGuardEngine

extension WallTime {
    /// The beginning of 1970 for what would be before it.
    package func before(seconds: UInt64) -> WallTime {
        let length = seconds * 1_000_000_000
        return WallTime(nanoseconds: nanoseconds > length ? nanoseconds - length : 0)
    }
}
