public import NetAddress

/// What a gateway's peers may reach outside of their network, and under which addresses.
public struct EgressConfiguration: Equatable, Sendable {
    /// The tunnel subnet whose addresses may leave.
    public let subnet: IPv4Prefix
    /// The subnet, and the range of the same length that takes its place outside, which no other gateway of the node
    /// has. Nil where nothing leaves through the node's interface.
    let addresses: PrefixMap?
    /// What is reached through the node's interface.
    public var services: [EgressPermission]
    /// Whether all public addresses may be reached.
    public var internet: Bool
    /// Addresses that only a permission for a part of them opens: the node's own, and the pool that mapped
    /// ranges come from.
    public var excluded: [IPPrefix]
    /// What is reached through another node, over the link to it. Packets get there with their own addresses, and are
    /// mapped where they leave.
    public var distant: [DistantPermission] = []
    /// The index of the next-hop group that all public addresses are reached over; nil where none is. Where the interface
    /// leads to the internet as well, that counts.
    public var distantInternet: UInt32?

    public var mappedRange: IPv4Prefix? { addresses?.outside }

    /// Nil where the range has another length than the subnet.
    public init?(
        subnet: IPv4Prefix,
        mappedRange: IPv4Prefix,
        services: [EgressPermission] = [],
        internet: Bool = false,
        excluded: [IPPrefix] = []
    ) {
        guard let addresses = PrefixMap(inside: subnet, outside: mappedRange) else { return nil }
        self.subnet = subnet
        self.addresses = addresses
        self.services = services
        self.internet = internet
        self.excluded = excluded
    }

    /// Of a gateway all of whose ways out are over links.
    public init(subnet: IPv4Prefix, distant: [DistantPermission]) {
        self.subnet = subnet
        self.distant = distant
        addresses = nil
        services = []
        internet = false
        excluded = []
    }
}

/// What is reached through the gateway at the other end of a link.
public struct DistantPermission: Hashable, Sendable {
    public var permission: EgressPermission
    /// The index of the link's next-hop group in the view.
    public var link: UInt32

    public init(_ permission: EgressPermission, over link: UInt32) {
        self.permission = permission
        self.link = link
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
