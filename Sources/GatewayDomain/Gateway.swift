package import NetAddress
package import WireGuardCrypto

/// A WireGuard endpoint of one network in one region: one key pair, one public address and port,
/// one tunnel subnet. The API calls it `wireguard_interface`.
package struct Gateway: Equatable, Sendable {
    package let id: GatewayID
    package let organizationID: OrganizationID
    package let networkID: NetworkID
    package let region: Region
    package var name: String?
    package let enablesSIPTrunking: Bool
    package var status: InterfaceStatus
    /// Why the gateway is not provisioned yet, when something stands in its way; of one that is, which
    /// of its peers are left out.
    package var statusReason: String?
    package let publicKey: PublicKey
    /// Where peers reach it from the outside.
    package var endpoint: PublicEndpoint
    package let subnet: IPv4Prefix
    /// The gateway's own address inside the tunnel. Nil for the first usable one of the subnet.
    package let givenAddress: IPv4Address?
    package var mtu: Int
    /// Seconds. Nil follows the installation's default.
    package var persistentKeepalive: Int?
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    package var activity: GatewayActivity

    package init(
        id: GatewayID,
        organizationID: OrganizationID,
        networkID: NetworkID,
        region: Region,
        name: String?,
        enablesSIPTrunking: Bool,
        status: InterfaceStatus,
        statusReason: String?,
        publicKey: PublicKey,
        endpoint: PublicEndpoint,
        subnet: IPv4Prefix,
        givenAddress: IPv4Address? = nil,
        mtu: Int,
        persistentKeepalive: Int?,
        createdAt: Timestamp,
        updatedAt: Timestamp,
        activity: GatewayActivity = GatewayActivity()
    ) {
        self.id = id
        self.organizationID = organizationID
        self.networkID = networkID
        self.region = region
        self.name = name
        self.enablesSIPTrunking = enablesSIPTrunking
        self.status = status
        self.statusReason = statusReason
        self.publicKey = publicKey
        self.endpoint = endpoint
        self.subnet = subnet
        self.givenAddress = givenAddress
        self.mtu = mtu
        self.persistentKeepalive = persistentKeepalive
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.activity = activity
    }

    /// The gateway's own address inside the tunnel.
    package var serverAddress: InterfaceAddress {
        SubnetPlan.serverAddress(in: subnet, given: givenAddress)
    }

    /// How many addresses of its subnet no peer has.
    package var freeAddressesCount: Int {
        max(SubnetPlan.peerCapacity(of: subnet) - activity.peersCount, 0)
    }

    /// Whether the address is one that a peer of this gateway may have, if it is free.
    package func mayGive(_ address: IPv4Address) -> Bool {
        SubnetPlan.peerAddresses(in: subnet)?.contains(address) == true
            && .v4(address) != serverAddress.address
    }
}

/// What the data plane last reported. Bytes are the sums of the peers' counters, which count UDP
/// payload as `wg show` does: inner packets with padding and 32 bytes of header and tag each,
/// keepalives and handshakes too. They stay counted when a peer is deleted.
package struct GatewayActivity: Equatable, Sendable {
    package var peersCount: Int
    package var latestHandshakeAt: Timestamp?
    /// From the peers.
    package var rxBytes: UInt64
    /// To the peers.
    package var txBytes: UInt64
    /// How it does at the moment; nil where that was not asked.
    package var figures: GatewayFigures?

    package init(
        peersCount: Int = 0,
        latestHandshakeAt: Timestamp? = nil,
        rxBytes: UInt64 = 0,
        txBytes: UInt64 = 0,
        figures: GatewayFigures? = nil
    ) {
        self.peersCount = peersCount
        self.latestHandshakeAt = latestHandshakeAt
        self.rxBytes = rxBytes
        self.txBytes = txBytes
        self.figures = figures
    }
}

/// How a gateway does at one moment.
package struct GatewayFigures: Equatable, Sendable {
    /// Peers with a session.
    package let connectedPeersCount: Int
    /// In the latest step of the traffic history that has ended; per second.
    package let rxRate: UInt64
    package let txRate: UInt64

    package init(connectedPeersCount: Int, rxRate: UInt64, txRate: UInt64) {
        self.connectedPeersCount = connectedPeersCount
        self.rxRate = rxRate
        self.txRate = txRate
    }
}
