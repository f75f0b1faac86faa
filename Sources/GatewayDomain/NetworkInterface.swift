/// Anything that is attached to a network, as a row of the network's interfaces.
package struct NetworkInterface: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case wireGuard = "wireguard_interface"
        case internetGateway = "public_internet_gateway"
    }

    /// That of the gateway.
    package let id: Identifier<NetworkInterface>
    package let kind: Kind
    package let networkID: NetworkID
    package let region: Region
    package let name: String?
    package let status: InterfaceStatus
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    package init(
        id: Identifier<NetworkInterface>,
        kind: Kind,
        networkID: NetworkID,
        region: Region,
        name: String?,
        status: InterfaceStatus,
        createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.kind = kind
        self.networkID = networkID
        self.region = region
        self.name = name
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}
