/// An API key as it is kept: everything about it but the key itself.
package struct APIKey: Equatable, Sendable {
    package let id: APIKeyID
    package let organizationID: OrganizationID
    package let name: String
    /// How the key begins; nil for one that the operator chose.
    package let prefix: String?
    package let role: Role
    /// The networks that it sees; nil for all of the organization's.
    package var networkIDs: Set<NetworkID>?
    /// The key is refused from this time on; nil for a key without an end.
    package let expiresAt: Timestamp?
    /// Accurate to a minute: it is written once a minute at most.
    package let lastUsedAt: Timestamp?
    package let createdAt: Timestamp

    package init(
        id: APIKeyID,
        organizationID: OrganizationID,
        name: String,
        prefix: String?,
        role: Role,
        networkIDs: Set<NetworkID>? = nil,
        expiresAt: Timestamp? = nil,
        lastUsedAt: Timestamp? = nil,
        createdAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.name = name
        self.prefix = prefix
        self.role = role
        self.networkIDs = networkIDs
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.createdAt = createdAt
    }

    package func hasExpired(at now: Timestamp) -> Bool {
        expiresAt.map { $0 <= now } ?? false
    }

    package var scope: Scope {
        Scope(organizationID: organizationID, networkIDs: networkIDs)
    }
}
