package import NetAddress

/// A routing domain of one organization. Two networks never see each other's packets, and may use
/// the same addresses.
package struct Network: Equatable, Sendable {
    package let id: NetworkID
    package let organizationID: OrganizationID
    package var name: String
    /// The subnets of the network's gateways are cut from this.
    package let addressBlock: IPv4Prefix
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: NetworkID,
        organizationID: OrganizationID,
        name: String,
        addressBlock: IPv4Prefix,
        createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.name = name
        self.addressBlock = addressBlock
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}
