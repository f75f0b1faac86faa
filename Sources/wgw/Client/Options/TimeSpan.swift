import ArgumentParser

/// A length of time as a person writes it: `90s`, `15m`, `1h`, `7d`.
struct TimeSpan: ExpressibleByArgument, CustomStringConvertible {
    let seconds: Int64
    /// As it was given.
    let description: String

    private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]

    static let form = "a number and s, m, h or d, like 15m"

    /// Nil for anything else, and for more than a hundred years.
    init?(argument: String) {
        let digits = argument.dropLast()
        guard let letter = argument.last, let unit = Self.units[letter],
            digits.allSatisfy({ $0.isASCII && $0.isNumber }), let count = Int64(digits),
            (0...36_525 * 86_400 / unit).contains(count)
        else { return nil }
        seconds = count * unit
        description = argument
    }

    init(seconds: Int64) {
        self.seconds = seconds
        description = "\(seconds)s"
    }

    /// Reads the value of an option.
    static func argument(_ text: String) throws -> TimeSpan {
        guard let span = TimeSpan(argument: text) else { throw ValidationError("write \(form)") }
        return span
    }

    var duration: Duration { .seconds(seconds) }
}
