package import GatewayDomain
package import NetAddress
package import WireGuardCrypto

/// What a node needs for its end of a link to a gateway on another node.
package struct LinkProvision: Equatable, Sendable {
    /// A tunnel of its own, with the same number at both ends.
    package struct Lane: Equatable, Sendable {
        package let privateKey: SecretKey
        /// UDP, of this node.
        package let port: UInt16
        package let remotePublicKey: PublicKey
        /// Where the other node is found.
        package let remoteEndpoint: PublicEndpoint

        package init(
            privateKey: SecretKey,
            port: UInt16,
            remotePublicKey: PublicKey,
            remoteEndpoint: PublicEndpoint
        ) {
            self.privateKey = privateKey
            self.port = port
            self.remotePublicKey = remotePublicKey
            self.remoteEndpoint = remoteEndpoint
        }
    }

    /// What a gateway's peers reach through the gateway at the other end, and through that one's node.
    package struct WayOut: Equatable, Sendable {
        /// Of the services of `EgressProvision`.
        package typealias Service = EgressProvision.Service

        /// Prefix by prefix; no two of them overlap.
        package let services: [Service]
        /// What the gateway's subnet is to the outside of the other node, where no other gateway is that. Nil where the
        /// pool has no room for it: nothing leaves then.
        package let mappedRange: IPv4Prefix?
        /// Whether the public internet is reached as well.
        package let hasInternet: Bool
        /// As that of `EgressProvision`.
        package let reserved: [IPv4Prefix]

        package init(
            services: [Service],
            mappedRange: IPv4Prefix?,
            hasInternet: Bool = false,
            reserved: [IPv4Prefix] = []
        ) {
            self.services = services
            self.mappedRange = mappedRange
            self.hasInternet = hasInternet
            self.reserved = reserved
        }
    }

    package let id: BackboneLinkID
    package let networkID: NetworkID
    /// The gateway of this node.
    package let gatewayID: GatewayID
    package let remoteNodeID: NodeID
    package let remoteGatewayID: GatewayID
    /// The other gateway's own address inside the tunnel, which answers probes.
    package let remoteAddress: IPAddress
    package let remoteSubnet: IPv4Prefix
    /// What else is reached through the other gateway: the networks behind its peers, and everything where the default
    /// gateway of the network is among them.
    package let remotePrefixes: [IPPrefix]
    package let mtu: Int
    /// Of this node's gateway; nil where it has none over the link.
    package let wayOut: WayOut?
    /// Of the other gateway, which leaves through this node.
    package let remoteWayOut: WayOut?
    package let lanes: [Lane]
    /// As it is stored.
    package let state: LinkState
    package let viaGatewayID: GatewayID?

    package init(
        id: BackboneLinkID,
        networkID: NetworkID,
        gatewayID: GatewayID,
        remoteNodeID: NodeID,
        remoteGatewayID: GatewayID,
        remoteAddress: IPAddress,
        remoteSubnet: IPv4Prefix,
        remotePrefixes: [IPPrefix],
        mtu: Int,
        wayOut: WayOut? = nil,
        remoteWayOut: WayOut? = nil,
        lanes: [Lane],
        state: LinkState = .connecting,
        viaGatewayID: GatewayID? = nil
    ) {
        self.id = id
        self.networkID = networkID
        self.gatewayID = gatewayID
        self.remoteNodeID = remoteNodeID
        self.remoteGatewayID = remoteGatewayID
        self.remoteAddress = remoteAddress
        self.remoteSubnet = remoteSubnet
        self.remotePrefixes = remotePrefixes
        self.mtu = mtu
        self.wayOut = wayOut
        self.remoteWayOut = remoteWayOut
        self.lanes = lanes
        self.state = state
        self.viaGatewayID = viaGatewayID
    }
}

/// A link between two other nodes, in a network of which this node has a gateway: packets may go around
/// over it.
package struct DistantLinkProvision: Equatable, Sendable {
    package let id: BackboneLinkID
    package let networkID: NetworkID
    package let firstGatewayID: GatewayID
    package let secondGatewayID: GatewayID
    /// As its ends last said.
    package let isUp: Bool

    package init(
        id: BackboneLinkID,
        networkID: NetworkID,
        firstGatewayID: GatewayID,
        secondGatewayID: GatewayID,
        isUp: Bool
    ) {
        self.id = id
        self.networkID = networkID
        self.firstGatewayID = firstGatewayID
        self.secondGatewayID = secondGatewayID
        self.isUp = isUp
    }
}
