/// When the plans of a session's statements are to be made anew. The server makes the plan of a kept statement once, for
/// tables as large as they are then: one that was made for an empty table reads all rows of what that has become.
/// Statistics, with which the server makes plans anew by itself, come a minute later at best.
struct PlanAge {
    /// A table grows fast, beside what it was, in the first seconds of an installation.
    private static let shortest = Duration.seconds(1)
    private static let longest = Duration.seconds(60)

    private var life = shortest
    private var end = ContinuousClock.now + shortest

    /// Answers yes once for each time that has passed.
    mutating func areOld(at now: ContinuousClock.Instant) -> Bool {
        guard now >= end else { return false }
        life = min(life * 2, Self.longest)
        end = now + life
        return true
    }
}
