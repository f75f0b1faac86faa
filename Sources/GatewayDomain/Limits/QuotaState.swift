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
