/// A way from a network to the internet, in one region, from one public address. The API calls it
/// `public_internet_gateway`.
package struct InternetGateway: Equatable, Sendable {
    package let id: InternetGatewayID
    package let organizationID: OrganizationID
    package let networkID: NetworkID
    package let region: Region
    package let name: String?
    package var status: InterfaceStatus
    /// Why it is not provisioned.
    package var statusReason: String?
    package let publicHost: PublicHost
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: InternetGatewayID,
        organizationID: OrganizationID,
        networkID: NetworkID,
        region: Region,
        name: String?,
        status: InterfaceStatus,
        statusReason: String? = nil,
        publicHost: PublicHost,
        createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.networkID = networkID
        self.region = region
        self.name = name
        self.status = status
        self.statusReason = statusReason
        self.publicHost = publicHost
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}
