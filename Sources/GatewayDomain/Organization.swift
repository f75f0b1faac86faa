/// The tenant: owns networks, and everything in them, and API keys.
package struct Organization: Equatable, Sendable {
    package let id: OrganizationID
    package var name: String
    /// Since when its keys open nothing; nil for an active one. Its gateways go on.
    package var suspendedAt: Timestamp?
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: OrganizationID,
        name: String,
        suspendedAt: Timestamp? = nil,
        createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.suspendedAt = suspendedAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}
