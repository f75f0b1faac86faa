import GatewayDomain

/// Quantities as people read them.
enum HumanText {
    /// `3 minutes ago`, `in 2 days`; `just now` for a second or less.
    static func time(_ time: Timestamp, at now: Timestamp) -> String {
        let (distance, isTooFar) = now.microseconds.subtractingReportingOverflow(time.microseconds)
        let microseconds = isTooFar ? Int64.max : Int64(clamping: distance.magnitude)
        let seconds = microseconds / 1_000_000
        if seconds <= 1 { return "just now" }
        return time < now ? "\(span(seconds)) ago" : "in \(span(seconds))"
    }

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
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var unit = 0
        var rest = Double(bytes)
        while rest >= 999.5, unit < units.count - 1 {
            rest /= 1_024
            unit += 1
        }
        guard unit > 0, rest < 9.95 else { return "\(Int(rest.rounded())) \(units[unit])" }
        let tenths = Int((rest * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
