import GatewayDomain

/// Quantities in at most five columns, for screens that have no room for more.
enum ShortText {
    /// `0s`, `59s`, `3m`, `5h`, `2d`. A time in the future, by another clock, is now.
    static func age(of time: Timestamp, at now: Timestamp) -> String {
        let seconds = max((now.microseconds - time.microseconds) / 1_000_000, 0)
        let units: [(Int64, String)] = [(86_400, "d"), (3_600, "h"), (60, "m")]
        for (length, name) in units where seconds >= length { return "\(seconds / length)\(name)" }
        return "\(seconds)s"
    }

    /// `0`, `999`, `1.5K`, `12M`, in powers of 1 024.
    static func bytes(_ bytes: UInt64) -> String {
        let (digits, power) = HumanText.scaled(bytes)
        return digits + ["", "K", "M", "G", "T", "P", "E"][power]
    }
}
