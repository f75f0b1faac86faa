package import NetAddress
package import WireGuardCrypto

/// A WireGuard endpoint of one network in one region: one key pair, one public address and port,
/// one tunnel subnet. The API calls it `wireguard_interface`.
package struct Gateway: Equatable, Sendable {
    package let id: GatewayID
    package let organizationID: OrganizationID
    package let networkID: NetworkID
    package let region: Region
    /// What carries it, one of its region.
    package var nodeID: NodeID
    package var name: String?
    /// Whether it leads to all services of its region, where it chooses none by name.
    package var enablesSIPTrunking: Bool
    /// The names of the private services that it leads to; nil where the flag decides.
    package var serviceNames: [String]?
    package var status: InterfaceStatus
    /// Why the gateway is not provisioned yet, when something stands in its way; of one that is, which
    /// of its peers are left out.
    package var statusReason: String?
    /// Whether all that stands in its way is the way out: it carries packets between peers.
    package var lacksEgress: Bool
    package let publicKey: PublicKey
    /// Where peers reach it from the outside.
    package var endpoint: PublicEndpoint
    package let subnet: IPv4Prefix
    /// The gateway's own address inside the tunnel. Nil for the first usable one of the subnet.
    package let givenAddress: IPv4Address?
    /// What its subnet is to the outside of its node, which no other gateway of the node is: a range of the
    /// same length. Nil until it has a way out.
    package var egressRange: IPv4Prefix?
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
        nodeID: NodeID,
        name: String?,
        enablesSIPTrunking: Bool,
        serviceNames: [String]? = nil,
        status: InterfaceStatus,
        statusReason: String?,
        lacksEgress: Bool = false,
        publicKey: PublicKey,
        endpoint: PublicEndpoint,
        subnet: IPv4Prefix,
        givenAddress: IPv4Address? = nil,
        egressRange: IPv4Prefix? = nil,
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
        self.nodeID = nodeID
        self.name = name
        self.enablesSIPTrunking = enablesSIPTrunking
        self.serviceNames = serviceNames
        self.status = status
        self.statusReason = statusReason
        self.lacksEgress = lacksEgress
        self.publicKey = publicKey
        self.endpoint = endpoint
        self.subnet = subnet
        self.givenAddress = givenAddress
        self.egressRange = egressRange
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

    /// Its ways out are others from now on, and its node has not said yet that packets go there. Its peers reach each
    /// other meanwhile.
    package mutating func awaitWaysOut() {
        guard status == .provisioned else { return }
        status = .provisioning
        lacksEgress = true
        statusReason = "its node has not taken up the latest change of its ways out yet"
    }

    package var awaitingWaysOut: Gateway {
        var gateway = self
        gateway.awaitWaysOut()
        return gateway
    }

    /// Which of the services it leads to.
    package func services(among all: [PrivateService]) -> [PrivateService] {
        serviceChoice.services(among: all)
    }

    /// Those that it chooses and its region does not have. It leads there where another gateway of its network does.
    package func servicesElsewhere(among all: [PrivateService]) -> [PrivateService] {
        serviceChoice.servicesElsewhere(among: all)
    }

    /// Names that it has and that no service answers to: none is called so, or none for its organization.
    package func servicesUnknown(among all: [PrivateService]) -> [String] {
        guard let serviceNames, !serviceNames.isEmpty else { return [] }
        let known = Set((services(among: all) + servicesElsewhere(among: all)).map(\.name))
        return serviceNames.filter { !known.contains($0) }
    }

    package var serviceChoice: ServiceChoice {
        ServiceChoice(
            organizationID: organizationID,
            regionCode: region.code,
            isAll: enablesSIPTrunking,
            names: serviceNames
        )
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

/// Which services a gateway leads to.
package struct ServiceChoice: Equatable, Sendable {
    package let organizationID: OrganizationID
    package let regionCode: String
    package let isAll: Bool
    package let names: [String]?

    package init(
        organizationID: OrganizationID,
        regionCode: String,
        isAll: Bool,
        names: [String]?
    ) {
        self.organizationID = organizationID
        self.regionCode = regionCode
        self.isAll = isAll
        self.names = names
    }

    package func services(among all: [PrivateService]) -> [PrivateService] {
        all.filter { $0.isOffered(in: regionCode) && isChosen($0) }
    }

    package func servicesElsewhere(among all: [PrivateService]) -> [PrivateService] {
        all.filter { !$0.isOffered(in: regionCode) && isChosen($0) }
    }

    private func isChosen(_ service: PrivateService) -> Bool {
        service.isGiven(to: organizationID) && (names?.contains(service.name) ?? isAll)
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
    /// What of it passed the interface of the node.
    package var egress: EgressBytes
    /// How it does at the moment; nil where that was not asked.
    package var figures: GatewayFigures?

    package init(
        peersCount: Int = 0,
        latestHandshakeAt: Timestamp? = nil,
        rxBytes: UInt64 = 0,
        txBytes: UInt64 = 0,
        egress: EgressBytes = EgressBytes(),
        figures: GatewayFigures? = nil
    ) {
        self.peersCount = peersCount
        self.latestHandshakeAt = latestHandshakeAt
        self.rxBytes = rxBytes
        self.txBytes = txBytes
        self.egress = egress
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
    /// When the node was last heard of where it is not connected: what is known of the gateway is as of then.
    package let nodeAwaySince: Timestamp?

    package init(
        connectedPeersCount: Int,
        rxRate: UInt64,
        txRate: UInt64,
        nodeAwaySince: Timestamp? = nil
    ) {
        self.connectedPeersCount = connectedPeersCount
        self.rxRate = rxRate
        self.txRate = txRate
        self.nodeAwaySince = nodeAwaySince
    }
}
