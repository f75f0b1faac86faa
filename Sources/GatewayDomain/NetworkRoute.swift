package import NetAddress

/// A line of a network's effective table of routes: the longest prefix wins. What a gateway's subnet, a
/// default gateway and an internet gateway put into it goes with them; a static one is a network behind a
/// peer.
package struct NetworkRoute: Equatable, Sendable {
    package enum Origin: String, CaseIterable, Sendable {
        case attachment
        case `static`
    }

    package struct NextHop: Equatable, Sendable {
        package enum HopKind: String, CaseIterable, Sendable {
            case gateway = "wireguard_interface"
            case peer = "wireguard_peer"
            case internetGateway = "public_internet_gateway"
        }

        package let kind: HopKind
        package let id: String

        package init(kind: HopKind, id: String) {
            self.kind = kind
            self.id = id
        }
    }

    package enum Status: String, CaseIterable, Sendable {
        case active
        case inactive
    }

    /// For a route that is not static, that of the object that put it there.
    package let id: NetworkRouteID
    package let organizationID: OrganizationID
    package let networkID: NetworkID
    package let prefix: IPPrefix
    package let nextHop: NextHop
    package let origin: Origin
    package var status: Status
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    package init(
        id: NetworkRouteID,
        organizationID: OrganizationID,
        networkID: NetworkID,
        prefix: IPPrefix,
        nextHop: NextHop,
        origin: Origin,
        status: Status,
        createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.networkID = networkID
        self.prefix = prefix
        self.nextHop = nextHop
        self.origin = origin
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}
