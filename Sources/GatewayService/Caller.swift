package import GatewayDomain

/// Who asks: an organization, through one of its API keys, or an admin in its place.
package struct Caller: Hashable, Sendable {
    /// What it may see.
    package let scope: Scope
    /// What it may do there.
    package let role: Role
    package let keyID: APIKeyID

    package init(scope: Scope, role: Role, keyID: APIKeyID) {
        self.scope = scope
        self.role = role
        self.keyID = keyID
    }

    package var organizationID: OrganizationID { scope.organizationID }

    /// Throws where less than this role is too little.
    func require(_ role: Role) throws(ServiceError) {
        guard self.role >= role else { throw .forbidden(has: self.role, needs: role) }
    }

    /// The same for what concerns more than single networks.
    func requireUnrestricted(_ role: Role) throws(ServiceError) {
        try require(role)
        guard scope.networkIDs == nil else { throw .restrictedKey }
    }
}
