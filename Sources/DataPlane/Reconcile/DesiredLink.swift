package import NetAddress
package import SystemIO
package import WireGuardCrypto
package import WireGuardEngine

/// A link as this node should carry it: from one of its gateways to a gateway of the same network on another node.
///
/// A link has lanes. A lane is a WireGuard interface with one peer, the interface of the same lane on the other node:
/// packets are opened and sealed as those of any peer are, and never wrapped a second time. All packets of one flow take
/// one lane, so that their order is kept, and flows are spread over the lanes, and with them over the workers.
///
/// What leads to the other gateway leads to all lanes of its link, as a next-hop group; which of them are taken, or
/// that another link is, is a `LinkPath`, which changes apart from this (`DataPlane.take`).
package struct DesiredLink: Sendable {
    package typealias ID = DesiredID<DesiredLink>

    /// In the order of their numbers, which are the same on both nodes.
    package static let mostLanes = 32

    /// At most 24 bytes of it are used: the rest tells the lanes apart.
    package var id: ID
    package var networkID: DesiredNetwork.ID
    /// The node that the link leads to. All gateways that a network has on one node share their routes: what came over one
    /// link from there does not go back over another.
    package var remoteNodeID: DesiredNode.ID
    /// Of this node's gateway in the tunnel: ICMP errors to the other side and probes come from them.
    package var addresses: [InterfaceAddress]
    /// Of the other gateway in the tunnel, which answers probes; nil sends none. The link then has handshakes only
    /// when packets want them.
    package var remoteAddress: IPv4Address?
    /// The other gateway's own subnets. Packets to them come here also where no peer has the address.
    package var subnets: [IPPrefix]
    /// What else leads there: networks behind its peers, all addresses where the network's default gateway is there. What a peer of this node has, or a link with a smaller id, is not the link's.
    package var prefixes: [IPPrefix]
    /// The largest inner packet that the link carries, in bytes.
    package var mtu: Int
    /// What peers of the other gateway may reach through this node's interface. Its subnet is one of `subnets`, and its
    /// mapped range the link's own.
    package var egress: EgressConfiguration?
    /// The other way round: what peers of this node's gateway may reach through the other node's interface.
    package var wayOut: WayOut?
    /// At least one.
    package var lanes: [Lane]

    /// Where a gateway of this node leads to through the other end.
    package struct WayOut: Equatable, Sendable {
        package var gatewayID: DesiredGateway.ID
        /// That of the gateway, whose addresses the other end knows.
        package var subnet: IPv4Prefix
        package var services: [EgressPermission]
        /// Whether all public addresses are reached as well, but for those of `excluded`.
        package var internet: Bool
        package var excluded: [IPPrefix]

        package init(
            of gatewayID: DesiredGateway.ID,
            subnet: IPv4Prefix,
            services: [EgressPermission],
            internet: Bool = false,
            excluded: [IPPrefix] = []
        ) {
            self.gatewayID = gatewayID
            self.subnet = subnet
            self.services = services
            self.internet = internet
            self.excluded = excluded
        }
    }

    package struct Lane: Sendable {
        package var privateKey: SecretKey
        /// As a gateway's.
        package var listen: ListenAddress
        package var remoteKey: PublicKey
        package var presharedKey: SecretKey?
        /// Where the other node listens for this lane; nil where it calls.
        package var endpoint: Endpoint?

        package init(
            privateKey: SecretKey,
            listen: ListenAddress,
            remoteKey: PublicKey,
            presharedKey: SecretKey? = nil,
            endpoint: Endpoint?
        ) {
            self.privateKey = privateKey
            self.listen = listen
            self.remoteKey = remoteKey
            self.presharedKey = presharedKey
            self.endpoint = endpoint
        }
    }

    package init(
        id: ID,
        networkID: DesiredNetwork.ID,
        remoteNodeID: DesiredNode.ID,
        addresses: [InterfaceAddress],
        remoteAddress: IPv4Address?,
        subnets: [IPPrefix],
        prefixes: [IPPrefix] = [],
        mtu: Int = 1420,
        egress: EgressConfiguration? = nil,
        wayOut: WayOut? = nil,
        lanes: [Lane]
    ) {
        precondition((1...Self.mostLanes).contains(lanes.count), "a link has 1 to 32 lanes")
        self.id = id
        self.networkID = networkID
        self.remoteNodeID = remoteNodeID
        self.addresses = addresses
        self.remoteAddress = remoteAddress
        self.subnets = subnets
        self.prefixes = prefixes
        self.mtu = mtu
        self.egress = egress
        self.wayOut = wayOut
        self.lanes = lanes
    }
}

/// Another node, which only links name.
package enum DesiredNode {
    package typealias ID = DesiredID<DesiredNode>
}

/// Which way packets to a link's other gateway take. It is direct by all lanes until another is taken.
package enum LinkPath: Equatable, Sendable {
    /// By those of its lanes that work, counted from zero.
    case direct(lanes: [Int])
    /// Around: by the lanes of another link of the same network, whose gateway passes packets on over its own direct
    /// link. Packets that came over a link never take a detour.
    case detour(DesiredLink.ID)
    /// Neither the link nor a detour works: senders get ICMP net unreachable.
    case unreachable
}
