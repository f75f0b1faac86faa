public import NetAddress

/// Where a route leads.
public enum Destination: Sendable, Hashable, BitwiseCopyable {
    case peer(PeerHandle)
    /// The address is the gateway's own.
    case gateway(GatewayHandle)
    /// The lanes of the view's next-hop group with this index.
    case link(UInt32)
}

extension PeerHandle: BitwiseCopyable {}
extension GatewayHandle: BitwiseCopyable {}

/// All that decides where the packets of one network go, immutable: its routes, what each of its
/// gateways may reach through the node's interface, and the lanes that lead to gateways on other nodes. The control side makes the next one and publishes it
/// whole, so that a packet never meets a part of a change. Gateways of the network share it; no view
/// serves two networks, so equal addresses in two networks never meet.
public final class NetworkView: Sendable {
    let routes: PrefixTable<Destination>
    /// The network's own subnets: an address in them is never another's, whether a peer has it or not.
    private let blocks: [IPPrefix]
    private let egress: [EgressTable]
    /// By index; nil where there is none any longer.
    let groups: [NextHopGroup?]

    /// A later route to the same prefix replaces an earlier one.
    public init(
        routes list: [(prefix: IPPrefix, destination: Destination)] = [],
        blocks: [IPPrefix] = [],
        egress: [(gateway: GatewayHandle, configuration: EgressConfiguration)] = [],
        groups: [NextHopGroup?] = []
    ) {
        var routes = PrefixTable<Destination>()
        for route in list { routes.insert(route.prefix, route.destination) }
        self.routes = routes
        self.blocks = blocks
        self.egress = egress.map { EgressTable(of: $0.gateway, $0.configuration, beside: blocks) }
        self.groups = groups
    }

    private init(
        _ routes: PrefixTable<Destination>,
        blocks: [IPPrefix],
        egress: [EgressTable],
        groups: [NextHopGroup?]
    ) {
        self.routes = routes
        self.blocks = blocks
        self.egress = egress
        self.groups = groups
    }

    /// A new view with these changes of routes; this one stays as it is.
    public func changing(
        removed: [IPPrefix] = [],
        inserted: [(prefix: IPPrefix, destination: Destination)] = []
    ) -> NetworkView {
        var next = routes
        for prefix in removed { next.remove(prefix) }
        for route in inserted { next.insert(route.prefix, route.destination) }
        return NetworkView(next, blocks: blocks, egress: egress, groups: groups)
    }

    /// A new view with the same routes. What of the egress is as before is not compiled again.
    public func replacing(
        blocks nextBlocks: [IPPrefix],
        egress next: [(gateway: GatewayHandle, configuration: EgressConfiguration)]
    ) -> NetworkView {
        let tables = next.map { gateway, configuration in
            let known = egress(of: gateway)
            guard let known, blocks == nextBlocks, known.configuration == configuration else {
                return EgressTable(of: gateway, configuration, beside: nextBlocks)
            }
            return known
        }
        return NetworkView(routes, blocks: nextBlocks, egress: tables, groups: groups)
    }

    /// A new view with other lanes; all else is the same.
    public func replacing(groups next: [NextHopGroup?]) -> NetworkView {
        NetworkView(routes, blocks: blocks, egress: egress, groups: next)
    }

    /// All routes in the order of their prefixes.
    public var list: [(prefix: IPPrefix, destination: Destination)] {
        routes.entries.map { ($0.prefix, $0.value) }
    }

    public func destination(of address: IPAddress) -> Destination? { routes.lookup(address) }

    /// Where the route to exactly this prefix leads.
    public func destination(ofExactly prefix: IPPrefix) -> Destination? { routes.value(of: prefix) }

    /// Asked once per worker and view.
    func egress(of gateway: GatewayHandle) -> EgressTable? {
        egress.first { $0.gateway == gateway }
    }

    /// The number of the node that packets come from over this interface; nil for one with peers.
    /// Asked once per worker and view.
    func remote(ofLane gateway: GatewayHandle) -> UInt32? {
        groups.first { $0?.has(gateway) == true }??.remote
    }

    /// The gateway of this node that leads out over the link of a lane; nil where none does. Asked once per worker and
    /// view.
    func wayOut(overLane gateway: GatewayHandle) -> (egress: EgressTable, link: UInt32)? {
        guard let index = groups.firstIndex(where: { $0?.has(gateway) == true }),
            let egress = egress.first(where: { $0.leads(over: UInt32(index)) })
        else { return nil }
        return (egress, UInt32(index))
    }

    /// Of a group; it lives as long as the view.
    @inline(__always)
    func group(_ index: Int) -> Unmanaged<NextHopGroup>? {
        guard index < groups.count, let group = groups[index] else { return nil }
        return .passUnretained(group)
    }

    func remote(of index: UInt32) -> UInt32? {
        group(Int(index))?._withUnsafeGuaranteedRef { $0.remote }
    }

    @inline(__always)
    func destination(of address: InnerPacket.FlowAddress, isIPv6: Bool) -> Destination? {
        isIPv6 ? routes.lookup(address.v6) : routes.lookup(address.v4)
    }

    /// With the length of the prefix that decided.
    @inline(__always)
    func match(
        _ address: InnerPacket.FlowAddress,
        isIPv6: Bool
    ) -> (value: Destination, length: UInt8)? {
        isIPv6 ? routes.match(address.v6) : routes.match(address.v4)
    }
}
