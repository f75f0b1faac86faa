/// How a filter compares times: `filter[occurred_at][gte]`.
enum TimeBound: String {
    /// At this time or later.
    case from = "gte"
    case before = "lt"
}
