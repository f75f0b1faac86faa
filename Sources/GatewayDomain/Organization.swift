/// The tenant: owns networks, and everything in them, and API keys.
package struct Organization: Equatable, Sendable {
    package let id: OrganizationID
    package let name: String
    package let createdAt: Timestamp

    package init(id: OrganizationID, name: String, createdAt: Timestamp) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
    }
}
