package import GatewayDomain
package import JSON
package import NetAddress
package import WireGuardCrypto

extension NewPeer: APIRequest {
    package static let contract = RequestContract<NewPeer>(
        "NewPeer",
        "A request to make a peer of a gateway.",
        [
            .required(PeerMembers.gatewayID, \.gatewayID),
            .optional(PeerMembers.name, \.name),
            .optional(
                PeerMembers.publicKey.described(
                    """
                    The WireGuard public key of the peer. Without one the server makes a key pair and \
                    answers the private key once.
                    """
                ),
                \.publicKey
            ),
            .optional(PeerMembers.presharedKeyRequest, \.presharedKey),
            .optional(.keepalive, \.persistentKeepalive),
            .optional(
                PeerMembers.address.described(
                    """
                    The address of the peer inside the tunnel, which has to be a free one of the \
                    gateway's subnet. Without it the peer gets the lowest free address.
                    """
                ),
                \.address
            ),
            .optional(PeerMembers.allowedIPsRequest, \.allowedIPs),
            .optional(
                PeerMembers.endpoint.described(
                    """
                    The address and port that another server last heard the peer at, so that the gateway \
                    calls it there. It takes an API key with the role `admin`.
                    """
                ),
                \.endpoint
            ),
        ]
    )
}

extension PeerChange: APIRequest {
    package static let contract = RequestContract<PeerChange>(
        "PeerChange",
        """
        A request to change a peer. A body with none of these members makes a new key pair and \
        answers the private key once.
        """,
        [
            .optional(PeerMembers.name, \.name),
            .optional(
                PeerMembers.publicKey.described("The new WireGuard public key of the peer."),
                \.publicKey
            ),
            .optional(PeerMembers.presharedKeyRequest, \.presharedKey),
            .optional(.keepalive, \.persistentKeepalive),
            .optional(
                PeerMembers.address.described(
                    """
                    The new address of the peer inside the tunnel, which has to be a free one of the \
                    gateway's subnet, where null means the address that the peer has.
                    """
                ),
                \.address
            ),
            .optional(PeerMembers.allowedIPsRequest, \.allowedIPs),
        ]
    )
}

/// A peer as one answer shows it. Secrets stand in the one answer to the request that made them.
package struct PeerAnswer: Sendable {
    package let peer: Peer
    package let privateKey: SecretKey?
    package let presharedKey: SecretKey?
    /// What the request asked for; the private key that it made is in both.
    package let config: String?
    package let qrCode: QRCodeImages?

    package init(
        _ peer: Peer,
        privateKey: SecretKey? = nil,
        presharedKey: SecretKey? = nil,
        config: String? = nil,
        qrCode: QRCodeImages? = nil
    ) {
        self.peer = peer
        self.privateKey = privateKey
        self.presharedKey = presharedKey
        self.config = config
        self.qrCode = qrCode
    }
}

extension PeerAnswer: APIObject {
    package static let contract = AnswerContract(
        "Peer",
        "A peer, which is a client of one gateway.",
        PeerMembers()
    )
}

/// Those of the vendor's API first, then ours.
package struct PeerMembers: AnswerMembers {
    package static let gatewayID = Member(
        "wireguard_interface_id",
        Codec<GatewayID>.id(),
        "The id of the gateway that the peer connects to."
    )
    package static let name = Member.name(of: "peer")
    package static let publicKey = Member.publicKey("The WireGuard public key of the peer.")
    /// Asked for as a choice, and answered as a key.
    private static let preshared = "preshared_key"
    package static let presharedKeyRequest = Member(
        preshared,
        Codec<KeyRequest>.presharedKeyRequest,
        """
        The preshared key: true to let the server make one and answer it once, a key to take that \
        one, false or null for none.
        """
    )
    static let presharedKey = Member(
        preshared,
        Codec<SecretKey>.secretKey,
        "The preshared key, which stands in the answer to the request that set it and in no other."
    )

    package static let lastSeen = Member(
        "last_seen",
        Codec<Timestamp>.time,
        "The time at which traffic last came from the peer, or null if none did."
    )
    package static let configState = Member(
        "config_state",
        Codec<ConfigState>.word,
        """
        Whether the config file that was last fetched for the peer still says what it should: \
        `outdated` if something in it has changed since, also where that was taken back (changes are \
        counted, and files not compared), `never_fetched` if none was fetched.
        """
    )
    package static let address = Member(
        "address",
        Codec<IPv4Address>.parsed("an IPv4 address", example: "172.27.0.2"),
        "The address of the peer inside the tunnel."
    )
    /// Asked for as fields, each of which can be reported, and answered as networks.
    private static let allowed = "allowed_ips"
    private static let allowedIP = "A network in CIDR notation, of IPv4 or IPv6."
    static let allowedIPsRequest = Member(
        allowed,
        Codec<[Field<IPPrefix>]>.fields(of: .network(example: "192.168.10.0/24"), allowedIP),
        """
        The networks behind the peer, which the gateway sends to it beside its own address; null and \
        an empty list mean none. No other peer of the network and no gateway may have an address in them.
        """
    )
    package static let allowedIPs = Member(
        allowed,
        Codec<[IPPrefix]>.array(of: .network(example: "192.168.10.0/24"), allowedIP),
        "The networks behind the peer, which the gateway sends to it beside its own address."
    )

    package static let endpoint = Member(
        "endpoint",
        Codec<Endpoint>.parsed("an address and a port"),
        """
        The address and port that the peer's packets last came from. A link-local IPv6 \
        address has the number of the interface of the gateway's host behind it, like \
        `[fe80::1%3]:51820`.
        """
    )

    package static let isDefaultGateway = Member(
        "is_default_gateway",
        Codec<Bool>.bool,
        "Whether the peer is the default gateway of its network, which makes it so."
    )

    package typealias Object = PeerAnswer

    package let id = AnswerMember(.id(of: "peer"), \PeerAnswer.peer.id)
    package let recordType = AnswerMember<PeerAnswer, String>(recordType: "wireguard_peer")
    package let gatewayID = AnswerMember(PeerMembers.gatewayID, \PeerAnswer.peer.gatewayID)
    package let name = AnswerMember(nullable: PeerMembers.name, \PeerAnswer.peer.name)
    package let publicKey = AnswerMember(PeerMembers.publicKey, \PeerAnswer.peer.publicKey)
    package let privateKey = AnswerMember(
        disclosed: Member(
            "private_key",
            Codec<SecretKey>.secretKey,
            "The WireGuard private key, which stands in the answer that makes it and in no other."
        ),
        \PeerAnswer.privateKey
    )
    package let lastSeen = AnswerMember(
        nullable: PeerMembers.lastSeen,
        \PeerAnswer.peer.activity.lastSeen
    )
    package let createdAt = AnswerMember(.createdAt(of: "peer"), \PeerAnswer.peer.createdAt)
    package let updatedAt = AnswerMember(.updatedAt(of: "peer"), \PeerAnswer.peer.updatedAt)
    package let address = AnswerMember(PeerMembers.address, \PeerAnswer.peer.address)
    package let presharedKey = AnswerMember(
        disclosed: PeerMembers.presharedKey,
        \PeerAnswer.presharedKey
    )
    package let persistentKeepalive = AnswerMember(
        nullable: .keepalive,
        \PeerAnswer.peer.persistentKeepalive
    )
    package let endpoint = AnswerMember(
        nullable: PeerMembers.endpoint,
        \PeerAnswer.peer.activity.endpoint
    )
    package let latestHandshakeAt = AnswerMember(
        nullable: .latestHandshakeAt(
            "The time of the latest handshake with the peer, or null if there was none."
        ),
        \PeerAnswer.peer.activity.latestHandshakeAt
    )
    package let latestEchoAt = AnswerMember(
        nullable: Member(
            "latest_echo_at",
            Codec<Timestamp>.time,
            """
            The time at which the gateway last answered a ping of the peer to the gateway's own address inside the \
            tunnel, or null if it never did. It shows that packets go through the tunnel both ways.
            """
        ),
        \PeerAnswer.peer.activity.latestEchoAt
    )
    package let rxBytes = AnswerMember(
        .rxBytes("The number of bytes that the peer has sent to its gateway."),
        \PeerAnswer.peer.activity.rxBytes
    )
    package let txBytes = AnswerMember(
        .txBytes("The number of bytes that the gateway has sent to the peer."),
        \PeerAnswer.peer.activity.txBytes
    )
    package let egressRxBytes = AnswerMember(
        .egressRxBytes(
            """
            The number of bytes in packets of the peer that left its network for private services and the internet. \
            `rx_bytes` counts them too, with what WireGuard adds.
            """
        ),
        \PeerAnswer.peer.activity.egress.left
    )
    package let egressTxBytes = AnswerMember(
        .egressTxBytes(
            """
            The number of bytes in packets to the peer that came from private services and the internet. `tx_bytes` \
            counts them too, with what WireGuard adds.
            """
        ),
        \PeerAnswer.peer.activity.egress.entered
    )
    package let configRevision = AnswerMember(
        Member(
            "config_revision",
            Codec<Int64>.count,
            """
            The revision of the change that last made the config file of the peer say something else; \
            it grows when the file changes.
            """
        ),
        \PeerAnswer.peer.config.revision
    )
    package let configState = AnswerMember(
        word: PeerMembers.configState,
        \PeerAnswer.peer.config.state
    )
    package let allowedIPs = AnswerMember(PeerMembers.allowedIPs, \PeerAnswer.peer.allowedIPs)
    package let isDefaultGateway = AnswerMember(
        PeerMembers.isDefaultGateway,
        \PeerAnswer.peer.isDefaultGateway
    )
    package let config = AnswerMember(
        disclosed: Member(
            "config",
            Codec<String>.text,
            """
            The config file for wg-quick, which stands in an answer where `include` asked for it. It is \
            complete where the same request made the private key.
            """
        ),
        \PeerAnswer.config
    )
    package let qrCode = AnswerMember(
        disclosed: Member(
            "qr",
            Codec<QRCodeImages>.qrCode,
            """
            The config file as a QR code, private key included, which stands in an answer where `include` \
            asked for it.
            """
        ),
        \PeerAnswer.qrCode
    )
}

extension Peer {
    /// Without any secret.
    package var json: JSONValue { PeerAnswer(self).json }
}
