extension UInt64 {
    /// The most that a counter says: what an integer of a database holds.
    package static let mostCounted = UInt64(Int64.max)

    /// Adds what a node says, which may be any number.
    package mutating func count(_ more: UInt64) {
        let (sum, isOver) = addingReportingOverflow(more)
        self = isOver ? .mostCounted : Swift.min(sum, .mostCounted)
    }
}
