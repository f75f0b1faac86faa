import ArgumentParser

/// A length of time as a person writes it: `90s`, `15m`, `1h`, `7d`.
struct TimeSpan: Equatable, ExpressibleByArgument {
    let seconds: Int64

    private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]

    static let form = "a number and s, m, h or d, like 15m"

    /// Nil for anything else, and for more than a hundred years.
    init?(argument: String) {
        guard let letter = argument.last, let unit = Self.units[letter],
            let count = Int64(argument.dropLast()), (0...36_525 * 86_400 / unit).contains(count)
        else { return nil }
        seconds = count * unit
    }

    var duration: Duration { .seconds(seconds) }
}
