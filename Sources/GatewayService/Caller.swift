package import GatewayDomain

/// An organization that asks through one of its API keys, or an admin that acts for it.
package struct Caller: Hashable, Sendable {
    /// What it may see.
    package let scope: Scope
    /// What it may do there.
    package let role: Role
    package let keyID: APIKeyID
    let keyName: String
    /// The organization that owns the key; an admin may act for another one.
    let ownOrganizationID: OrganizationID
    /// The request id that the journal records.
    package var requestID: String?

    /// - Parameter scope: the key's own where nothing else is given.
    package init(_ key: APIKey, scope: Scope? = nil) {
        self.scope = scope ?? key.scope
        role = key.role
        keyID = key.id
        keyName = key.name
        ownOrganizationID = key.organizationID
    }

    var actor: Actor { .key(keyID, name: keyName, of: ownOrganizationID) }

    package var organizationID: OrganizationID { scope.organizationID }

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
    /// At least this role, and a key that is not restricted to single networks.
    case unrestricted(Role)

    var role: Role {
        switch self {
        case .role(let role), .unrestricted(let role): role
        }
    }
}
