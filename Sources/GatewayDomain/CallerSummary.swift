/// Who asks, as it is told to itself.
package struct CallerSummary: Equatable, Sendable {
    package let principal: Principal
    package let name: String
    package let role: Role
    /// What it sees, which for an admin may be another organization than its own.
    package let scope: Scope
    /// The end of what it has shown: of its session, or of its API key; nil for one without an end.
    package let expiresAt: Timestamp?

    package init(
        principal: Principal,
        name: String,
        role: Role,
        scope: Scope,
        expiresAt: Timestamp?
    ) {
        self.principal = principal
        self.name = name
        self.role = role
        self.scope = scope
        self.expiresAt = expiresAt
    }
}
