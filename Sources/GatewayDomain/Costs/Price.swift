/// What one of something costs, in millionths of the currency's unit: no price is a fraction that binary numbers have
/// not.
package struct Price: Hashable, Sendable {
    private static let one: Int64 = 1_000_000
    private static let mostDigits = 6
    /// A million of the currency's unit.
    private static let most: Int64 = 1_000_000 * one

    package static let zero = Price(millionths: 0)

    package let millionths: Int64

    package init(millionths: Int64) {
        self.millionths = millionths
    }

    /// What this many cost where the price is for `unit` of them: exact, and then rounded once to the cent, halves up.
    package func amount(of quantity: UInt64, per unit: UInt64) -> Amount {
        let exact = UInt128(millionths.magnitude) * UInt128(quantity)
        let divisor = UInt128(unit) * UInt128(Self.one / Amount.one)
        return Amount(cents: Int64(clamping: (exact + divisor / 2) / divisor))
    }
}

extension Price: LosslessStringConvertible {
    /// A decimal number from 0 to a million with six digits behind the point at most.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), (1...7).contains(parts[0].utf8.count),
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let whole = Int64(parts[0])
        else { return nil }
        var millionths = whole * Self.one
        if parts.count == 2 {
            let digits = parts[1]
            guard (1...Self.mostDigits).contains(digits.utf8.count) else { return nil }
            let zeros = String(repeating: "0", count: Self.mostDigits - digits.utf8.count)
            guard let fraction = Int64(digits + zeros) else { return nil }
            millionths += fraction
        }
        guard millionths <= Self.most else { return nil }
        self.init(millionths: millionths)
    }

    /// With two digits behind the point, or as many as it takes.
    package var description: String {
        var digits = "\(Self.one + millionths % Self.one)".dropFirst()
        while digits.utf8.count > 2, digits.last == "0" { digits.removeLast() }
        return "\(millionths / Self.one).\(digits)"
    }
}

/// Money that is asked for, in hundredths of the currency's unit.
package struct Amount: Hashable, Sendable {
    fileprivate static let one: Int64 = 100

    package var cents: Int64

    package init(cents: Int64) {
        self.cents = cents
    }

    package static func += (sum: inout Amount, amount: Amount) {
        let (cents, isOver) = sum.cents.addingReportingOverflow(amount.cents)
        sum.cents = isOver ? .max : cents
    }
}

extension Amount: LosslessStringConvertible {
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let cents = Int64(parts[0] + parts[1])
        else { return nil }
        self.init(cents: cents)
    }

    package var description: String {
        let digits = "\(Self.one + cents % Self.one)".dropFirst()
        return "\(cents / Self.one).\(digits)"
    }
}
