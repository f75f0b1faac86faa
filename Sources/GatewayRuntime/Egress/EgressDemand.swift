import EgressFirewall
import NetAddress
import NodeProtocol

/// What the gateways of this node that lead out of their networks need of its kernel, all together; and what those of
/// other nodes need that lead out through them.
struct EgressDemand: Equatable, Sendable {
    /// In their order, so that equal demands are equal.
    private(set) var mapped: [IPv4Prefix] = []
    private(set) var services: [IPv4Prefix] = []
    private(set) var hasInternet = false
    /// The largest of their tunnels: for it the kernel itself tells senders what is too big, and for
    /// the others the engine does.
    private(set) var mtu = 0

    init(mapped: [IPv4Prefix], services: [IPv4Prefix], hasInternet: Bool, mtu: Int) {
        self.mapped = mapped
        self.services = services
        self.hasInternet = hasInternet
        self.mtu = mtu
    }

    /// Nil where none of them leads out.
    init?(_ gateways: some Sequence<GatewayProvision>, _ links: some Sequence<LinkProvision>) {
        var named: Set<IPv4Prefix> = []
        for gateway in gateways {
            guard let egress = gateway.egress, let range = egress.mappedRange else { continue }
            mapped.append(range)
            named.formUnion(egress.services.map(\.prefix))
            hasInternet = hasInternet || egress.hasInternet
            mtu = max(mtu, gateway.mtu)
        }
        for link in links {
            guard let wayOut = link.remoteWayOut, let range = wayOut.mappedRange else { continue }
            mapped.append(range)
            named.formUnion(wayOut.services.map(\.prefix))
            hasInternet = hasInternet || wayOut.hasInternet
            mtu = max(mtu, link.mtu)
        }
        guard !mapped.isEmpty else { return nil }
        mapped.sort()
        services = named.sorted()
    }

    func plan(
        device: String,
        pool: IPv4Prefix,
        publicAddress: IPv4Address?
    ) -> FirewallPlan {
        FirewallPlan(
            device: device,
            mapped: mapped,
            pool: pool,
            services: services,
            hasInternet: hasInternet,
            publicAddress: publicAddress
        )
    }
}
