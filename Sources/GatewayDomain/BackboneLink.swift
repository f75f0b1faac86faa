/// The connection between two gateways of one network that are on different nodes. It is made with the second of
/// them, and goes with the first. Gateways of one node need none: they share their routes.
package struct BackboneLink: Equatable, Sendable {
    /// The most that one gateway can have. With that many nodes in a network, a full mesh is not what it needs.
    package static let mostOfGateway = 63
    /// Each is a WireGuard tunnel of its own, with its own ports, so that a link is not bound to one processor of
    /// each node.
    package static let lanes = 2

    package let id: BackboneLinkID
    package let organizationID: OrganizationID
    package let networkID: NetworkID
    package let lanesCount: Int
    /// In bytes; what a packet of a peer may have that goes over the link.
    package var mtu: Int
    /// The end of the gateway with the smaller id.
    package var first: LinkEnd
    package var second: LinkEnd
    /// Since when the link is in its state.
    package var stateSince: Timestamp
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    /// How it does at the moment.
    package var figures: LinkFigures?

    package init(
        id: BackboneLinkID,
        organizationID: OrganizationID,
        networkID: NetworkID,
        lanesCount: Int = BackboneLink.lanes,
        mtu: Int,
        first: LinkEnd,
        second: LinkEnd,
        stateSince: Timestamp,
        createdAt: Timestamp,
        updatedAt: Timestamp,
        figures: LinkFigures? = nil
    ) {
        self.id = id
        self.organizationID = organizationID
        self.networkID = networkID
        self.lanesCount = lanesCount
        self.mtu = mtu
        self.first = first
        self.second = second
        self.stateSince = stateSince
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.figures = figures
    }

    package var ends: [LinkEnd] { [first, second] }

    /// Of both ends; the worse of what they say.
    package var state: LinkState { max(first.state, second.state) }

    /// The end at a gateway; nil where it is not a gateway of the link.
    package func end(of gateway: GatewayID) -> LinkEnd? {
        ends.first { $0.gatewayID == gateway }
    }

    /// The end that is not at this gateway.
    package func end(across gateway: GatewayID) -> LinkEnd? {
        ends.first { $0.gatewayID != gateway }
    }

    package mutating func setEnd(_ end: LinkEnd) {
        if first.gatewayID == end.gatewayID { first = end }
        if second.gatewayID == end.gatewayID { second = end }
    }
}
