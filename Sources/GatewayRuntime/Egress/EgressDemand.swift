import EgressFirewall
import NetAddress
import NodeProtocol

/// What the gateways of this node that lead out of their networks need of its kernel, all together.
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
    init?(_ gateways: some Sequence<GatewayProvision>) {
        var named: Set<IPv4Prefix> = []
        for gateway in gateways {
            guard let egress = gateway.egress, let range = egress.mappedRange else { continue }
            mapped.append(range)
            named.formUnion(egress.services.map(\.prefix))
            hasInternet = hasInternet || egress.hasInternet
            mtu = max(mtu, gateway.mtu)
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
