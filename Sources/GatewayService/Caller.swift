package import GatewayDomain

/// Who asks: an API key or a user, or an admin that acts for another organization than its own. Whether it
/// has shown a key or the cookie of a session makes no difference behind this.
package struct Caller: Hashable, Sendable {
    /// What it may see.
    package let scope: Scope
    /// What it may do there.
    package let role: Role
    package let principal: Principal
    package let name: String
    /// The organization that owns the principal; an admin may act for another one.
    let ownOrganizationID: OrganizationID
    /// The session whose cookie it has shown; nil for an API key itself.
    package let sessionID: SessionID?
    /// Nil for an API key without an end.
    private let expiresAt: Timestamp?
    /// The request id that the journal records.
    package var requestID: String?

    /// - Parameter session: the one that was shown instead of the key itself.
    package init(_ key: APIKey, by session: Session? = nil) {
        scope = key.scope
        role = key.role
        principal = .apiKey(key.id)
        name = key.name
        ownOrganizationID = key.organizationID
        sessionID = session?.id
        let ends = [key.expiresAt, session?.expiresAt].compactMap(\.self)
        expiresAt = ends.min()
    }

    package init(_ user: User, by session: Session) {
        scope = user.scope
        role = user.role
        principal = .user(user.id)
        name = user.name
        ownOrganizationID = user.organizationID
        sessionID = session.id
        expiresAt = session.expiresAt
    }

    private init(_ caller: Caller, scope: Scope) {
        self.scope = scope
        role = caller.role
        principal = caller.principal
        name = caller.name
        ownOrganizationID = caller.ownOrganizationID
        sessionID = caller.sessionID
        expiresAt = caller.expiresAt
        requestID = caller.requestID
    }

    /// An admin as a caller of another organization.
    func acting(for organization: OrganizationID) -> Caller {
        Caller(self, scope: Scope(organizationID: organization))
    }

    var actor: Actor { .caller(principal, name: name, of: ownOrganizationID) }

    package var organizationID: OrganizationID { scope.organizationID }

    /// What it is told about itself.
    package var summary: CallerSummary {
        CallerSummary(
            principal: principal,
            name: name,
            role: role,
            scope: scope,
            expiresAt: expiresAt
        )
    }

    /// Whether it may know of other organizations than the one for which it acts.
    var seesAllOrganizations: Bool { role >= .admin && scope.networkIDs == nil }

    /// Whether it may see nodes.
    var seesNodes: Bool { (try? require(.unrestricted(.admin))) != nil }

    /// What it may know of an error.
    func told(_ error: ServiceError) -> ServiceError {
        if case .noFreePort = error, !seesNodes { .noFreePort(on: []) } else { error }
    }

    /// Throws where the caller has less than this permission.
    func require(_ permission: Permission) throws(ServiceError) {
        guard role >= permission.role else { throw .forbidden(has: role, needs: permission.role) }
        if case .unrestricted = permission, scope.networkIDs != nil { throw .restrictedKey }
    }
}

/// What a caller has to be for something.
enum Permission: Sendable {
    /// At least this role.
    case role(Role)
    /// At least this role, and a caller that is not restricted to single networks.
    case unrestricted(Role)

    var role: Role {
        switch self {
        case .role(let role), .unrestricted(let role): role
        }
    }
}
