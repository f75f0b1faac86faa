public import NetAddress

/// What a gateway's peers may reach through the node's interface, and under which addresses.
public struct EgressConfiguration: Equatable, Sendable {
    /// The tunnel subnet whose addresses may leave, and the range of the same length that takes their
    /// place outside, which no other gateway of the node has.
    let addresses: PrefixMap
    public var services: [EgressPermission]
    /// Whether all public addresses may be reached.
    public var internet: Bool
    /// Addresses that only a permission for a part of them opens: the node's own, and the pool that mapped
    /// ranges come from.
    public var excluded: [IPPrefix]

    public var subnet: IPv4Prefix { addresses.inside }
    public var mappedRange: IPv4Prefix { addresses.outside }

    /// Nil where the range has another length than the subnet.
    public init?(
        subnet: IPv4Prefix,
        mappedRange: IPv4Prefix,
        services: [EgressPermission] = [],
        internet: Bool = false,
        excluded: [IPPrefix] = []
    ) {
        guard let addresses = PrefixMap(inside: subnet, outside: mappedRange) else { return nil }
        self.addresses = addresses
        self.services = services
        self.internet = internet
        self.excluded = excluded
    }
}

/// One thing that may be reached: a prefix, or one protocol or some ports of it.
public struct EgressPermission: Hashable, Sendable {
    public var prefix: IPPrefix
    /// As in the IPv4 header; nil stands for all, or with `ports` for all protocols that have ports.
    public var transportProtocol: UInt8?
    /// The service's own port; nil stands for all.
    public var ports: ClosedRange<UInt16>?

    public init(
        _ prefix: IPPrefix,
        transportProtocol: UInt8? = nil,
        ports: ClosedRange<UInt16>? = nil
    ) {
        self.prefix = prefix
        self.transportProtocol = transportProtocol
        self.ports = ports
    }

    /// Whether its prefix alone decides.
    var isUnrestricted: Bool { transportProtocol == nil && ports == nil }
}
