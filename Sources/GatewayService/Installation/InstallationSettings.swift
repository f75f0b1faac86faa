package import GatewayDomain
package import NetAddress

/// What the operator decided, given once at the start.
package struct InstallationSettings: Sendable {
    package var regions: [Region]
    /// Where clients find this installation, as their configs name it.
    package var publicHost: PublicHost
    /// Each gateway has one of these UDP ports.
    package var portRange: ClosedRange<UInt16>
    /// Seconds; 0 for none.
    package var defaultPersistentKeepalive: Int
    package var defaultMTU: Int
    /// What gateways with `enable_sip_trunking` lead to.
    package var sipTrunkingPrefixes: [IPv4Prefix]
    package var limits: OrganizationLimits
    /// How long the journal is kept.
    package var eventDays: Int
    /// Of what is stored of passwords from now on.
    package var passwordCost = PasswordCost.standard

    package init(
        regions: [Region],
        publicHost: PublicHost,
        portRange: ClosedRange<UInt16>,
        defaultPersistentKeepalive: Int = 25,
        defaultMTU: Int = 1420,
        sipTrunkingPrefixes: [IPv4Prefix] = [],
        limits: OrganizationLimits = OrganizationLimits(),
        eventDays: Int = 90
    ) {
        self.regions = regions
        self.publicHost = publicHost
        self.portRange = portRange
        self.defaultPersistentKeepalive = defaultPersistentKeepalive
        self.defaultMTU = defaultMTU
        self.sipTrunkingPrefixes = sipTrunkingPrefixes
        self.limits = limits
        self.eventDays = eventDays
    }
}

/// How much one organization may have. Nil is without limit.
package struct OrganizationLimits: Sendable {
    package var networks: Int?
    package var gateways: Int?
    package var peers: Int?

    package init(networks: Int? = nil, gateways: Int? = nil, peers: Int? = nil) {
        self.networks = networks
        self.gateways = gateways
        self.peers = peers
    }
}
