package import Testing

extension Trait where Self == ConditionTrait {
    /// For a test of what PostgreSQL has not.
    ///
    /// - Parameter reason: what that is.
    package static func onlyOnSQLite(_ reason: Comment) -> Self {
        .disabled(if: TestStore.isOnPostgreSQL, reason)
    }
}
