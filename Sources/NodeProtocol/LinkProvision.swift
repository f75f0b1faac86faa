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
