import GatewayDomain

/// Quantities as people read them.
enum HumanText {
    /// `3 minutes ago`, `in 2 days`; `just now` for a second or less.
    static func time(_ time: Timestamp, at now: Timestamp) -> String {
        let (distance, isTooFar) = now.microseconds.subtractingReportingOverflow(time.microseconds)
        let microseconds = isTooFar ? Int64.max : Int64(clamping: distance.magnitude)
        let seconds = microseconds / 1_000_000
        if seconds <= 1 { return "just now" }
        return time < now ? "\(span(seconds)) ago" : "in \(span(seconds + lead))"
    }

    /// Seconds that have passed since an end was set, where a person is to see the length that was asked for.
    private static let lead: Int64 = 5

    private static func span(_ seconds: Int64) -> String {
        let units: [(String, Int64)] = [
            ("year", 31_557_600), ("month", 2_629_800), ("day", 86_400), ("hour", 3_600),
            ("minute", 60),
        ]
        for (name, length) in units where seconds >= length {
            let count = seconds / length
            return "\(count) \(name)\(count == 1 ? "" : "s")"
        }
        return "\(seconds) second\(seconds == 1 ? "" : "s")"
    }

    /// `1.4 MiB`, with three digits at most.
    static func bytes(_ bytes: UInt64) -> String {
        let (digits, power) = scaled(bytes)
        return "\(digits) \(["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][power])"
    }

    /// Three digits at most, and of which power of 1 024 they are the count: from 0 to 6.
    static func scaled(_ bytes: UInt64) -> (digits: String, power: Int) {
        var (rest, power) = (Double(bytes), 0)
        while rest >= 999.5 {
            rest /= 1_024
            power += 1
        }
        guard power > 0, rest < 9.95 else { return ("\(Int(rest.rounded()))", power) }
        let tenths = Int((rest * 10).rounded())
        return ("\(tenths / 10).\(tenths % 10)", power)
    }
}
