public import NetAddress

/// Where a route leads.
public enum Destination: Sendable, Hashable, BitwiseCopyable {
    case peer(PeerHandle)
    /// The address is the gateway's own.
    case gateway(GatewayHandle)
}

extension PeerHandle: BitwiseCopyable {}
extension GatewayHandle: BitwiseCopyable {}

/// All routes of one network, immutable: the control side makes the next one and publishes it
/// whole. Gateways of the network share it; no table serves two networks, so equal addresses in
/// two networks never meet.
public final class ForwardingTable: Sendable {
    let routes: PrefixTable<Destination>

    public init() {
        routes = PrefixTable()
    }

    /// A later route to the same prefix replaces an earlier one.
    public init(routes list: [(prefix: IPPrefix, destination: Destination)]) {
        var routes = PrefixTable<Destination>()
        for route in list { routes.insert(route.prefix, route.destination) }
        self.routes = routes
    }

    private init(_ routes: PrefixTable<Destination>) {
        self.routes = routes
    }

    /// A new table with these changes; this one stays as it is.
    public func changing(
        removed: [IPPrefix] = [],
        inserted: [(prefix: IPPrefix, destination: Destination)] = []
    ) -> ForwardingTable {
        var next = routes
        for prefix in removed { next.remove(prefix) }
        for route in inserted { next.insert(route.prefix, route.destination) }
        return ForwardingTable(next)
    }

    /// All routes in the order of their prefixes.
    public var list: [(prefix: IPPrefix, destination: Destination)] {
        routes.entries.map { ($0.prefix, $0.value) }
    }

    public func destination(of address: IPAddress) -> Destination? { routes.lookup(address) }

    @inline(__always)
    func destination(of address: InnerPacket.FlowAddress, isIPv6: Bool) -> Destination? {
        isIPv6 ? routes.lookup(address.v6) : routes.lookup(address.v4)
    }
}
