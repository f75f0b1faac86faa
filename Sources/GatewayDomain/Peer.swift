package import NetAddress
package import WireGuardCrypto

/// A client of one gateway: one public key, one tunnel address, and the networks behind it. Its private
/// key is never stored.
package struct Peer: Equatable, Sendable {
    package let id: PeerID
    package let organizationID: OrganizationID
    package let gatewayID: GatewayID
    package var name: String?
    package var publicKey: PublicKey
    package var address: IPv4Address
    /// The networks behind the peer, in their order: what the gateway sends to it, and takes from it,
    /// beside its own address. Inside a network of gateways no two of them overlap.
    package var allowedIPs: [IPPrefix]
    /// Whether all that has no better route in its network goes to it.
    package var isDefaultGateway: Bool
    package var hasPresharedKey: Bool
    /// Seconds. Nil follows the gateway.
    package var persistentKeepalive: Int?
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    package var activity: PeerActivity
    package var config: PeerConfigStatus

    package init(
        id: PeerID,
        organizationID: OrganizationID,
        gatewayID: GatewayID,
        name: String?,
        publicKey: PublicKey,
        address: IPv4Address,
        allowedIPs: [IPPrefix] = [],
        isDefaultGateway: Bool = false,
        hasPresharedKey: Bool,
        persistentKeepalive: Int?,
        createdAt: Timestamp,
        updatedAt: Timestamp,
        activity: PeerActivity = PeerActivity(),
        config: PeerConfigStatus = PeerConfigStatus()
    ) {
        self.id = id
        self.organizationID = organizationID
        self.gatewayID = gatewayID
        self.name = name
        self.publicKey = publicKey
        self.address = address
        self.allowedIPs = allowedIPs
        self.isDefaultGateway = isDefaultGateway
        self.hasPresharedKey = hasPresharedKey
        self.persistentKeepalive = persistentKeepalive
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.activity = activity
        self.config = config
    }
}

/// What the data plane last reported about a peer. Bytes are those of UDP payload, as
/// `GatewayActivity` says.
package struct PeerActivity: Equatable, Sendable {
    /// When traffic last came from the peer.
    package var lastSeen: Timestamp?
    package var latestHandshakeAt: Timestamp?
    /// When the gateway last answered a ping of the peer.
    package var latestEchoAt: Timestamp?
    /// Where its packets last came from.
    package var endpoint: Endpoint?
    /// Received from the peer.
    package var rxBytes: UInt64
    /// Sent to the peer.
    package var txBytes: UInt64
    /// What of it passed the interface of the node.
    package var egress: EgressBytes

    package init(
        lastSeen: Timestamp? = nil,
        latestHandshakeAt: Timestamp? = nil,
        latestEchoAt: Timestamp? = nil,
        endpoint: Endpoint? = nil,
        rxBytes: UInt64 = 0,
        txBytes: UInt64 = 0,
        egress: EgressBytes = EgressBytes()
    ) {
        self.lastSeen = lastSeen
        self.latestHandshakeAt = latestHandshakeAt
        self.latestEchoAt = latestEchoAt
        self.endpoint = endpoint
        self.rxBytes = rxBytes
        self.txBytes = txBytes
        self.egress = egress
    }
}
