/// How much of a quota is used in its present period.
package enum QuotaState: String, CaseIterable, Sendable {
    case within
    /// At least 80 percent.
    case nearing
    case usedUp = "used_up"
}

extension MonthlyQuota {
    /// A quota ends with the first packet that its rest is too small for: the rest is less than the largest MTU.
    package static let largestRest: UInt64 = 9_200

    package func state(whenUsed used: UInt64) -> QuotaState {
        if used + Self.largestRest > bytes { return .usedUp }
        // No product of these overflows.
        return used * 10 >= bytes * 8 ? .nearing : .within
    }
}

extension QuotaState {
    /// How much is used, in percent, rounded down: of a quota that is used up 100 at least, and less of any other.
    package func percent(used: UInt64, of quota: UInt64) -> UInt64 {
        guard quota > 0 else { return 100 }
        let product = used.multipliedFullWidth(by: 100)
        let share = product.high < quota ? quota.dividingFullWidth(product).quotient : .max
        return self == .usedUp ? max(share, 100) : min(share, 99)
    }
}
