/// Rates and sizes as their limits are written, in powers of 1 000: `10M`, `1.5G`; `10GB`.
enum Quantity {
    static let rateForm = "a number of bits per second, like 500K, 10M or 1.5G"
    static let sizeForm = "a number of bytes, like 500MB, 10GB or 1.5TB"

    /// Bits per second; nil for anything else.
    static func rate(_ text: String) -> UInt64? {
        guard let letter = text.last else { return nil }
        guard let power = ["K": 1, "k": 1, "M": 2, "G": 3][letter] else { return scaled(text, 0) }
        return scaled(text.dropLast(), power)
    }

    /// Bytes; nil for anything else.
    static func size(_ text: String) -> UInt64? {
        for (unit, power) in [("kB", 1), ("KB", 1), ("MB", 2), ("GB", 3), ("TB", 4), ("B", 0)]
        where text.hasSuffix(unit) {
            return scaled(text.dropLast(unit.count), power)
        }
        return scaled(text, 0)
    }

    /// A whole number, or one with a few decimals that make a whole number of the unit.
    private static func scaled(_ text: some StringProtocol, _ power: Int) -> UInt64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let decimals = parts.count > 1 ? String(parts[1]) : ""
        let digits = parts[0] + decimals
        let zeros = power * 3 - decimals.count
        guard !parts[0].isEmpty, parts.count == 1 || !decimals.isEmpty, zeros >= 0,
            digits.allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        return UInt64(digits + String(repeating: "0", count: zeros))
    }

    /// `10 GB`, `1.5 Mbit/s`: three digits at most, the rest cut off.
    static func text(_ number: UInt64, _ unit: String) -> String {
        let prefixes = ["", "k", "M", "G", "T", "P", "E"]
        var (whole, rest, power) = (number, UInt64(0), 0)
        while whole >= 1_000, power + 1 < prefixes.count {
            (rest, whole) = (whole % 1_000, whole / 1_000)
            power += 1
        }
        let tenths = rest / 100
        let digits = tenths > 0 && whole < 100 ? "\(whole).\(tenths)" : "\(whole)"
        return "\(digits) \(prefixes[power])\(unit)"
    }
}
