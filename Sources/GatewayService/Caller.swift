package import GatewayDomain

/// Who asks: an organization, through one of its API keys, or an admin in its place.
package struct Caller: Hashable, Sendable {
    /// What it may see.
    package let scope: Scope
    /// What it may do there.
    package let role: Role
    package let keyID: APIKeyID
    let keyName: String
    /// Of the key. An admin may act for another one.
    let homeID: OrganizationID
    /// Of what it asks, for the journal.
    package var requestID: String?

    /// - Parameter scope: the key's own where nothing else is given.
    package init(_ key: APIKey, scope: Scope? = nil) {
        self.scope = scope ?? key.scope
        role = key.role
        keyID = key.id
        keyName = key.name
        homeID = key.organizationID
    }

    var actor: Actor { .key(keyID, name: keyName, of: homeID) }

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
