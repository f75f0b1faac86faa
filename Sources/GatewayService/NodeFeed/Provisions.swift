package import GatewayDomain
package import NetAddress
package import WireGuardCrypto

/// Everything a node has to carry, as of one revision.
package struct NodeSnapshot: Sendable {
    package let revision: Int64
    package internal(set) var gateways: [GatewayProvision]
    package internal(set) var peers: [PeerProvision]
    /// What is stored and cannot be carried: `NodeChange`'s cases of that name.
    package internal(set) var leftOut: [NodeChange] = []

    package init(revision: Int64, gateways: [GatewayProvision], peers: [PeerProvision]) {
        self.revision = revision
        self.gateways = gateways
        self.peers = peers
    }
}

/// What a node does not know yet, up to and including one revision.
package struct NodeChanges: Sendable {
    package let revision: Int64
    /// In the order of their revisions. Each object comes once, in its newest state.
    package let changes: [NodeChange]

    package init(revision: Int64, changes: [NodeChange]) {
        self.revision = revision
        self.changes = changes
    }
}

package enum NodeChange: Sendable {
    case gatewayPut(GatewayProvision)
    case gatewayDeleted(GatewayID)
    case peerPut(PeerProvision)
    case peerDeleted(PeerID)
    /// Its row cannot be read, or its key not be opened; everything else goes on.
    case gatewayLeftOut(GatewayID, reason: String)
    /// The gateway is nil where its row does not even name it.
    case peerLeftOut(PeerID, of: GatewayID?, reason: String)
}

/// What a node needs to carry a gateway.
package struct GatewayProvision: Sendable {
    package let id: GatewayID
    package let networkID: NetworkID
    /// For the operator of the node, who sees it in `wgw show`.
    package let name: String?
    package let privateKey: SecretKey
    package let port: UInt16
    package let serverAddress: InterfaceAddress
    package let subnet: IPv4Prefix
    package let mtu: Int
    /// As it is stored.
    package let standing: GatewayStanding

    package init(
        id: GatewayID,
        networkID: NetworkID,
        name: String? = nil,
        privateKey: SecretKey,
        port: UInt16,
        serverAddress: InterfaceAddress,
        subnet: IPv4Prefix,
        mtu: Int,
        standing: GatewayStanding
    ) {
        self.id = id
        self.networkID = networkID
        self.name = name
        self.privateKey = privateKey
        self.port = port
        self.serverAddress = serverAddress
        self.subnet = subnet
        self.mtu = mtu
        self.standing = standing
    }
}

/// What a node needs to let a peer in. The last endpoint lets it start the handshake itself.
package struct PeerProvision: Sendable {
    package let id: PeerID
    package let gatewayID: GatewayID
    package let publicKey: PublicKey
    package let presharedKey: SecretKey?
    package let address: IPv4Address
    /// The networks behind it.
    package let allowedIPs: [IPPrefix]
    package let lastEndpoint: Endpoint?
    package let lastSeen: Timestamp?

    package init(
        id: PeerID,
        gatewayID: GatewayID,
        publicKey: PublicKey,
        presharedKey: SecretKey?,
        address: IPv4Address,
        allowedIPs: [IPPrefix] = [],
        lastEndpoint: Endpoint?,
        lastSeen: Timestamp?
    ) {
        self.id = id
        self.gatewayID = gatewayID
        self.publicKey = publicKey
        self.presharedKey = presharedKey
        self.address = address
        self.allowedIPs = allowedIPs
        self.lastEndpoint = lastEndpoint
        self.lastSeen = lastSeen
    }
}
