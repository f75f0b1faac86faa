package import GatewayDomain
package import NetAddress

/// What the operator decided, given once at the start.
package struct InstallationSettings: Sendable {
    package var regions: [Region]
    /// Where clients find this installation, as their configs name it.
    package var publicHost: PublicHost
    /// Where the host is a name, the addresses that it had at the start; nil where it could not be looked up.
    package var publicAddresses: [IPv4Address]? = []
    /// Each gateway has one of these UDP ports.
    package var portRange: ClosedRange<UInt16>
    /// Seconds; 0 for none.
    package var defaultPersistentKeepalive: Int
    package var defaultMTU: Int
    /// Those of the config file. Others are made through the API.
    package var privateServices: [ServiceTerms]
    /// What gateways with a way out are to the outside of their node, each a part of it.
    package var egressPool: IPv4Prefix
    package var limits: OrganizationLimits
    /// How long the journal is kept.
    package var eventDays: Int
    /// How many days' hours of usage are kept apart.
    package var usageHourDays: Int
    /// How many days of peers' usage are kept.
    package var usageDays: Int
    /// Without an order.
    package var prices: [PriceList] = [.standard]
    /// Where webhooks may be sent to.
    package var webhookTargets = WebhookTargets()
    /// Whether the server carries gateways itself.
    package var hasEmbeddedNode = true
    /// Of what is stored of passwords from now on.
    package var passwordCost = PasswordCost.standard

    package init(
        regions: [Region],
        publicHost: PublicHost,
        portRange: ClosedRange<UInt16>,
        defaultPersistentKeepalive: Int = 25,
        defaultMTU: Int = 1420,
        privateServices: [ServiceTerms] = [],
        egressPool: IPv4Prefix = SubnetPlan.defaultEgressPool,
        limits: OrganizationLimits = OrganizationLimits(),
        eventDays: Int = 90,
        usageHourDays: Int = 7,
        usageDays: Int = 400
    ) {
        self.regions = regions
        self.publicHost = publicHost
        self.portRange = portRange
        self.defaultPersistentKeepalive = defaultPersistentKeepalive
        self.defaultMTU = defaultMTU
        self.privateServices = privateServices
        self.egressPool = egressPool
        self.limits = limits
        self.eventDays = eventDays
        self.usageHourDays = usageHourDays
        self.usageDays = usageDays
    }

    /// Nil without a limit. The operator's own organization has none.
    var egressShare: EgressShare? {
        limits.egressPercent.map { EgressShare(percent: $0, of: egressPool) }
    }

    package var serviceRules: PrivateServiceRules {
        PrivateServiceRules(
            publicHost: publicHost,
            publicAddresses: publicAddresses ?? [],
            egressPool: egressPool
        )
    }
}

/// How much one organization may have. Nil is without limit.
package struct OrganizationLimits: Sendable {
    package var networks: Int?
    package var gateways: Int?
    package var peers: Int?
    /// Of the addresses of the egress pool; not for the operator's own organization.
    package var egressPercent: Int?

    package init(
        networks: Int? = nil,
        gateways: Int? = nil,
        peers: Int? = nil,
        egressPercent: Int? = nil
    ) {
        self.networks = networks
        self.gateways = gateways
        self.peers = peers
        self.egressPercent = egressPercent
    }
}
