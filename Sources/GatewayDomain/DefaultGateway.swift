/// Sends the traffic of a network to everywhere else through one of its peers.
package struct DefaultGateway: Equatable, Sendable {
    package let id: DefaultGatewayID
    package let organizationID: OrganizationID
    package let networkID: NetworkID
    /// Nil when the request named none.
    package let peerID: PeerID?
    package var status: InterfaceStatus
    /// Why it is not provisioned.
    package var statusReason: String?
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: DefaultGatewayID,
        organizationID: OrganizationID,
        networkID: NetworkID,
        peerID: PeerID?,
        status: InterfaceStatus,
        statusReason: String? = nil,
        createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.networkID = networkID
        self.peerID = peerID
        self.status = status
        self.statusReason = statusReason
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}
