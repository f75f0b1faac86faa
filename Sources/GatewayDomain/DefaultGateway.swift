/// Sends the traffic of a network to everywhere else through one of its peers.
package struct DefaultGateway: Equatable, Sendable {
    package let id: DefaultGatewayID
    package let organizationID: OrganizationID
    package let networkID: NetworkID
    /// Nil when the request named none.
    package let peerID: PeerID?
    package let status: InterfaceStatus
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    package init(
        id: DefaultGatewayID,
        organizationID: OrganizationID,
        networkID: NetworkID,
        peerID: PeerID?,
        status: InterfaceStatus,
        createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.networkID = networkID
        self.peerID = peerID
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    package var statusReason: String? { status == .provisioning ? Egress.missing : nil }
}

/// What default gateways and internet gateways have in common.
package enum Egress {
    /// The status reason until the data plane can send packets out of a network.
    package static let missing = "packets have no way out of a network in this version"
}
