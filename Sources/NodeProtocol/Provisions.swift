package import GatewayDomain
package import NetAddress
package import WireGuardCrypto

/// Everything a node has to carry, as of one revision.
package struct NodeSnapshot: Sendable {
    package var revision: Int64
    package var gateways: [GatewayProvision]
    package var peers: [PeerProvision]
    /// Those with an end on the node.
    package var links: [LinkProvision] = []
    package var distantLinks: [DistantLinkProvision] = []
    /// What is stored and cannot be carried: `NodeChange`'s cases of that name.
    package var leftOut: [NodeChange] = []

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
    case linkPut(LinkProvision)
    /// Also of one that had an end on the node before.
    case distantLinkPut(DistantLinkProvision)
    /// Whichever of the two it was.
    case linkDeleted(BackboneLinkID)
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
    /// Nil for a gateway whose peers reach each other alone.
    package let egress: EgressProvision?
    /// As it is stored.
    package let standing: GatewayStanding
    /// Whose gateway it is: gateways of one organization share its limits.
    package let organizationID: OrganizationID?
    /// Nil without limits.
    package internal(set) var limits: LimitProvision?
    /// Of the whole organization.
    package internal(set) var organizationLimits: LimitProvision?

    package init(
        id: GatewayID,
        networkID: NetworkID,
        name: String? = nil,
        privateKey: SecretKey,
        port: UInt16,
        serverAddress: InterfaceAddress,
        subnet: IPv4Prefix,
        mtu: Int,
        egress: EgressProvision? = nil,
        standing: GatewayStanding,
        organizationID: OrganizationID? = nil,
        limits: LimitProvision? = nil,
        organizationLimits: LimitProvision? = nil
    ) {
        self.id = id
        self.networkID = networkID
        self.name = name
        self.privateKey = privateKey
        self.port = port
        self.serverAddress = serverAddress
        self.subnet = subnet
        self.mtu = mtu
        self.egress = egress
        self.standing = standing
        self.organizationID = organizationID
        self.limits = limits
        self.organizationLimits = organizationLimits
    }
}

/// Where a gateway leads to outside of its network, through its node. Whatever is in none of these, the node
/// drops: a service that is not there, and the internet where it is not given.
package struct EgressProvision: Equatable, Sendable {
    package struct Service: Equatable, Sendable {
        package let prefix: IPv4Prefix
        /// Nil for all, of which there are more than have a name here.
        package let transport: TransportProtocol?
        /// Destination ports of TCP and UDP; empty for all.
        package let ports: [PortRange]

        package init(prefix: IPv4Prefix, transport: TransportProtocol?, ports: [PortRange]) {
            self.prefix = prefix
            self.transport = transport
            self.ports = ports
        }
    }

    /// What the gateway's subnet is to the outside of the node, of the same length, and of no other gateway.
    /// Nil where the pool has no room for it: the gateway lacks its way out then.
    package let mappedRange: IPv4Prefix?
    /// Prefix by prefix; no two of them overlap.
    package let services: [Service]
    /// The prefixes of all services of the operator, whether the gateway leads to them or not: the internet does not
    /// lead there. Empty without internet.
    package let reserved: [IPv4Prefix]
    /// Whether the public internet is reached as well.
    package let hasInternet: Bool

    package init(
        mappedRange: IPv4Prefix?,
        services: [Service],
        reserved: [IPv4Prefix] = [],
        hasInternet: Bool
    ) {
        self.mappedRange = mappedRange
        self.services = services
        self.reserved = reserved
        self.hasInternet = hasInternet
    }
}

/// What a node needs to let a peer in. The last endpoint lets it start the handshake itself.
package struct PeerProvision: Sendable {
    package let id: PeerID
    package let gatewayID: GatewayID
    package let publicKey: PublicKey
    package let presharedKey: SecretKey?
    package let address: IPv4Address
    /// The networks behind it; everything, too, where it is the default gateway of its network.
    package let allowedIPs: [IPPrefix]
    package let lastEndpoint: Endpoint?
    package let lastSeen: Timestamp?
    /// Nil without limits.
    package internal(set) var limits: LimitProvision?

    package init(
        id: PeerID,
        gatewayID: GatewayID,
        publicKey: PublicKey,
        presharedKey: SecretKey?,
        address: IPv4Address,
        allowedIPs: [IPPrefix] = [],
        lastEndpoint: Endpoint?,
        lastSeen: Timestamp?,
        limits: LimitProvision? = nil
    ) {
        self.id = id
        self.gatewayID = gatewayID
        self.publicKey = publicKey
        self.presharedKey = presharedKey
        self.address = address
        self.allowedIPs = allowedIPs
        self.lastEndpoint = lastEndpoint
        self.lastSeen = lastSeen
        self.limits = limits
    }

    func heard(at endpoint: Endpoint, _ time: Timestamp?) -> PeerProvision {
        PeerProvision(
            id: id,
            gatewayID: gatewayID,
            publicKey: publicKey,
            presharedKey: presharedKey,
            address: address,
            allowedIPs: allowedIPs,
            lastEndpoint: endpoint,
            lastSeen: time,
            limits: limits
        )
    }
}
