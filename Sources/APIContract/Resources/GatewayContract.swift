package import GatewayDomain
package import NetAddress
package import WireGuardCrypto

extension NewGateway: APIRequest {
    package static let contract = RequestContract<NewGateway>(
        "NewGateway",
        "A request to make a gateway in a network and a region.",
        [
            .required(GatewayMembers.networkID, \.networkID),
            .required(.requestedRegionCode(of: "gateway"), \.regionCode),
            .optional(GatewayMembers.name, \.name),
            .optional(GatewayMembers.enablesSIPTrunking, \.enablesSIPTrunking),
            .optional(GatewayMembers.serviceNamesRequest, \.serviceNames),
            .optional(GatewayMembers.subnet, \.subnet),
            .optional(GatewayMembers.subnetPrefixLength, \.subnetPrefixLength),
            .optional(GatewayMembers.mtu, \.mtu),
            .optional(.keepalive, \.persistentKeepalive),
            .optional(GatewayMembers.privateKey, \.privateKey),
            .optional(GatewayMembers.listenPort, \.listenPort),
            .optional(
                GatewayMembers.serverAddress.described(
                    """
                    The gateway's own address inside the tunnel, with the length of its subnet, which \
                    has to be in the address block of the network. Without it the gateway gets the \
                    first address of its subnet. It takes an API key with the role `admin`.
                    """
                ),
                \.serverAddress
            ),
            .optional(
                GatewayMembers.nodeID.described(
                    """
                    The id of the node that is to carry the gateway, which has to be in the gateway's region. Without \
                    it the server chooses the one with the fewest gateways. It takes an API key with the role `admin`.
                    """
                ),
                \.nodeID
            ),
        ]
    )
}

extension GatewayChange: APIRequest {
    package static let contract = RequestContract<GatewayChange>(
        "GatewayChange",
        "A request to change a gateway, whose peers stay connected as long as it keeps its node.",
        [
            .optional(GatewayMembers.name, \.name),
            .optional(GatewayMembers.enablesSIPTrunking, \.enablesSIPTrunking),
            .optional(GatewayMembers.serviceNamesRequest, \.serviceNames),
            .optional(
                GatewayMembers.mtu.described(
                    """
                    The MTU of the tunnel, in bytes of a packet inside it, where null means the \
                    server's default.
                    """
                ),
                \.mtu
            ),
            .optional(.keepalive, \.persistentKeepalive),
            .optional(
                GatewayMembers.nodeID.described(
                    """
                    The id of the node that is to carry the gateway from now on, which has to be in the gateway's \
                    region. The gateway keeps its key and subnet, and its port where that is free there. It takes an \
                    API key with the role `admin`.
                    """
                ),
                \.nodeID
            ),
        ]
    )
}

extension Gateway: APIObject {
    package static let contract = AnswerContract(
        "Gateway",
        "A WireGuard endpoint of one network in one region.",
        GatewayMembers()
    )
}

/// Those of the vendor's API first, then ours.
package struct GatewayMembers: AnswerMembers {
    package static let networkID = Member.networkID(of: "gateway")
    package static let regionCode = Member.regionCode(of: "gateway")
    package static let name = Member.name(of: "gateway")
    package static let status = Member.status(of: "gateway")
    static let enablesSIPTrunking = Member(
        "enable_sip_trunking",
        Codec<Bool>.bool,
        """
        Whether peers of the gateway reach all private services of its region through it, where \
        `services` names none; and those of other regions to which a gateway of the network there leads, on another \
        node, over the link to that one.
        """
    )
    private static let services = "services"
    private static let serviceName = "The name of one private service."
    package static let serviceNamesRequest = Member(
        services,
        Codec<[Field<String>]>.fields(of: .text(example: "sip"), serviceName),
        """
        The names of the private services that peers of the gateway reach through it; an empty list means \
        none, and null leaves it to `enable_sip_trunking`. One that its region does not have, they reach as soon as a \
        gateway of the network on another node leads there.
        """
    )
    package static let serviceNames = Member(
        services,
        Codec<[String]>.array(of: .text(example: "sip"), serviceName),
        """
        The names of the private services that peers of the gateway reach through it, or null where \
        `enable_sip_trunking` decides.
        """
    )
    package static let subnet = Member(
        "subnet",
        Codec<IPv4Prefix>.network(example: "172.27.1.0/24"),
        "The tunnel subnet of the gateway and its peers, in CIDR notation."
    )
    package static let subnetPrefixLength = Member(
        "subnet_prefix_length",
        Codec<Int>.integer(checkedByVerb: 8...SubnetPlan.longestLength),
        "The prefix length of the subnet that is taken from the address block of the network."
    )
    package static let mtu = Member(
        "mtu",
        Codec<Int>.integer(in: TunnelLimits.mtus),
        "The MTU of the tunnel, in bytes of a packet inside it."
    )

    package static let nodeID = Member(
        "node_id",
        Codec<NodeID>.id(),
        "The id of the node that carries the gateway, which admins can look up and change."
    )
    package static let privateKey = Member(
        "private_key",
        Codec<SecretKey>.privateKey,
        """
        The WireGuard private key of the gateway, for one that takes the place of another server. It is \
        stored sealed, and no answer has it. Without it the server makes a key. It takes an API key \
        with the role `admin`.
        """
    )
    package static let endpoint = Member(
        "endpoint",
        Codec<PublicEndpoint>.parsed(
            "an address or a host name, and a port",
            example: "192.0.2.1:5000"
        ),
        """
        Where peers find the gateway: an IP address, with brackets around IPv6, or a host name, and a \
        UDP port.
        """
    )
    package static let publicKey = Member.publicKey("The WireGuard public key of the gateway.")
    package static let listenPort = Member(
        "listen_port",
        Codec<UInt16>.integer(in: 1...65_535),
        """
        The UDP port of the gateway, which no other gateway of its node may have. Without it the \
        gateway gets the lowest free port of the node's range. It takes an API key with the role \
        `admin`.
        """
    )
    package static let serverAddress = Member(
        "server_ip_address",
        Codec<InterfaceAddress>.interfaceAddress(example: "172.27.0.1/24"),
        "The gateway's own address inside the tunnel, with the length of its subnet."
    )

    package typealias Object = Gateway

    package let id = AnswerMember(.id(of: "gateway"), \Gateway.id)
    package let recordType = AnswerMember<Gateway, String>(recordType: "cloud_vpn")
    package let networkID = AnswerMember(GatewayMembers.networkID, \Gateway.networkID)
    package let regionCode = AnswerMember(GatewayMembers.regionCode, \Gateway.region.code)
    package let name = AnswerMember(nullable: GatewayMembers.name, \Gateway.name)
    package let enablesSIPTrunking = AnswerMember(
        GatewayMembers.enablesSIPTrunking,
        \Gateway.enablesSIPTrunking
    )
    package let status = AnswerMember(word: GatewayMembers.status, \Gateway.status)
    package let publicKey = AnswerMember(GatewayMembers.publicKey, \Gateway.publicKey)
    package let endpoint = AnswerMember(GatewayMembers.endpoint, \Gateway.endpoint)
    package let serverAddress = AnswerMember(
        GatewayMembers.serverAddress,
        \Gateway.serverAddress
    )
    package let region = AnswerMember(.region(of: "gateway")) {
        (gateway: Gateway) in RegionSummary(gateway.region)
    }
    package let createdAt = AnswerMember(.createdAt(of: "gateway"), \Gateway.createdAt)
    package let updatedAt = AnswerMember(.updatedAt(of: "gateway"), \Gateway.updatedAt)
    package let nodeID = AnswerMember(GatewayMembers.nodeID, \Gateway.nodeID)
    package let subnet = AnswerMember(GatewayMembers.subnet, \Gateway.subnet)
    package let mtu = AnswerMember(GatewayMembers.mtu, \Gateway.mtu)
    package let serviceNames = AnswerMember(
        nullable: GatewayMembers.serviceNames,
        \Gateway.serviceNames
    )
    package let egressRange = AnswerMember(
        nullable: Member(
            "egress_range",
            Codec<IPv4Prefix>.network(example: "100.64.3.0/24"),
            """
            What the tunnel subnet is outside of the gateway's machine, address for address, or null where the \
            gateway leads nowhere out of its network.
            """
        ),
        \Gateway.egressRange
    )
    package let persistentKeepalive = AnswerMember(
        nullable: .keepalive,
        \Gateway.persistentKeepalive
    )
    package let statusReason = AnswerMember(
        nullable: .statusReason(
            """
            Why the gateway is not provisioned; of a provisioned one, which of its peers are \
            left out, and why.
            """
        ),
        \Gateway.statusReason
    )
    package let peersCount = AnswerMember(
        Member("peers_count", Codec<Int>.count, "The number of peers that the gateway has."),
        \Gateway.activity.peersCount
    )
    package let latestHandshakeAt = AnswerMember(
        nullable: .latestHandshakeAt(
            "The time of the gateway's latest handshake with any of its peers, or null."
        ),
        \Gateway.activity.latestHandshakeAt
    )
    package let rxBytes = AnswerMember(
        .rxBytes("The number of bytes that the gateway has received from its peers."),
        \Gateway.activity.rxBytes
    )
    package let txBytes = AnswerMember(
        .txBytes("The number of bytes that the gateway has sent to its peers."),
        \Gateway.activity.txBytes
    )
    package let egressRxBytes = AnswerMember(
        .egressRxBytes(
            """
            The number of bytes in packets that left the network through the gateway for private services and the \
            internet. `rx_bytes` counts them too, with what WireGuard adds.
            """
        ),
        \Gateway.activity.egress.left
    )
    package let egressTxBytes = AnswerMember(
        .egressTxBytes(
            """
            The number of bytes in packets that entered the network through the gateway from private services and \
            the internet. `tx_bytes` counts them too, with what WireGuard adds.
            """
        ),
        \Gateway.activity.egress.entered
    )
    package let freeAddressesCount = AnswerMember(
        Member(
            "free_addresses_count",
            Codec<Int>.count,
            "The number of addresses of the subnet that no peer has."
        ),
        \Gateway.freeAddressesCount
    )
    package let connectedPeersCount = AnswerMember(
        omissible: Member(
            "connected_peers_count",
            Codec<Int>.count,
            """
            The number of peers that are connected: those whose latest handshake is less than \
            \(PeerConnection.sessionSeconds) seconds old. It stands in answers that show gateways as they are now.
            """
        ),
        \Gateway.activity.figures?.connectedPeersCount
    )
    package let rxRate = AnswerMember(
        omissible: Member(
            "rx_bytes_per_second",
            Codec<UInt64>.count,
            """
            The number of bytes per second that came from peers in the latest \(TrafficHistory.finestStep) seconds \
            that were counted. It stands in answers that show gateways as they are now.
            """
        ),
        \Gateway.activity.figures?.rxRate
    )
    package let txRate = AnswerMember(
        omissible: Member(
            "tx_bytes_per_second",
            Codec<UInt64>.count,
            """
            The number of bytes per second that went to peers in the latest \(TrafficHistory.finestStep) seconds that \
            were counted. It stands in answers that show gateways as they are now.
            """
        ),
        \Gateway.activity.figures?.txRate
    )
    package let nodeAwaySince = AnswerMember(
        omissible: Member(
            "node_away_since",
            Codec<Timestamp>.time,
            """
            The time at which the server last heard of the node of the gateway, where that is away: what the answer \
            says of handshakes and bytes is as of then, and packets may go on. It stands in answers that show \
            gateways as they are now, and only where the node is away.
            """
        ),
        \Gateway.activity.figures?.nodeAwaySince
    )
}

extension Member<PublicKey> {
    /// Of gateways and of peers.
    static func publicKey(_ description: String) -> Member {
        Member("public_key", .publicKey, description)
    }
}
