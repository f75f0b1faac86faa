import GatewayDomain
import NetAddress

/// Inside the gateway of the sender.
extension PathEvidence {
    var routeSteps: [PathStep] { [route] + egress + [mtu] }

    private var route: PathStep {
        switch target {
        case .peer(let peer, _) where peer.peer.id == source.peer.id:
            PathStep(
                .route,
                .ok,
                "\(address) leads to \(source.title) itself; the gateway sends packets to it back."
            )
        case .peer(let peer, _):
            PathStep(
                .route,
                .ok,
                peer.gateway.id == source.gateway.id
                    ? "The gateway leads \(address) to \(peer.title), a peer of its own."
                    : """
                    The gateway leads \(address) to \(peer.title), a peer of the gateway \
                    \(peer.gateway.title).
                    """
            )
        case .gateway:
            PathStep(
                .route,
                .ok,
                "\(address) is an address of a gateway, which answers echo requests and nothing else."
            )
        case .unused: unowned
        case .elsewhere: outside
        }
    }

    private var unowned: PathStep {
        PathStep(
            .route,
            .failed,
            "No peer and no gateway of the network has the address \(address).",
            nextStep: wayOutStep ?? "Look the address up among the peers of the network."
        )
    }

    /// What would make an address outside of the network one that packets get to; nil for one inside.
    var wayOutStep: String? {
        guard case .elsewhere = target else { return nil }
        guard case .v4 = address else { return Self.useIPv4 }
        if let service { return source.gateway.step(for: service) }
        if isKeptForOthers { return Self.askForService }
        guard rules.isPublic(address) else {
            return """
                Let a peer lead to the network that has the address, by a route; or ask the operator of the \
                server for a private service with it.
                """
        }
        return """
            To reach the internet, make an internet gateway in region \(source.gateway.region.code), or make a \
            peer the default gateway of the network. A host of the operator is reached by a private service.
            """
    }

    /// The gateway at the other end of the link, by whose node the packet leaves; nil where it leaves by no other node.
    var distantGateway: Gateway? {
        guard case .elsewhere = target else { return nil }
        return link?.to
    }

    /// Where the packet leaves that came over a link.
    var distantSteps: [PathStep] {
        distantGateway.map { [leaving(by: $0, on: Machine(of: link?.toNode))] } ?? []
    }

    /// The service with the address that is asked for.
    private var service: PrivateService? {
        guard case .elsewhere(let address) = target else { return nil }
        return source.services.first { $0.contains(address) }
    }

    /// Whether the address is one of a service that is for other organizations, of which no more is told.
    private var isKeptForOthers: Bool {
        guard case .elsewhere(let address) = target else { return false }
        return source.servicesOfOthers.contains { $0.contains(address) }
    }

    private static func ipv4Only(_ address: IPAddress) -> String {
        """
        No network behind a peer has the IPv6 address \(address), and nothing else leads there: gateways, internet \
        gateways and default gateways carry IPv4 out of a network, and no IPv6.
        """
    }

    private static let useIPv4 = "Use an IPv4 address of the host."

    private static let askForService =
        "Ask the operator of the server to give your organization a private service with this address."

    /// Whether the packet leaves through the node of the gateway.
    private var leavesNode: Bool {
        guard case .elsewhere = target else { return false }
        if let service { return !source.gateway.services(among: [service]).isEmpty }
        guard case .internet = wayOut, !isKeptForOthers else { return false }
        return rules.isPublic(address)
    }

    private var outside: PathStep {
        let gateway = source.gateway
        guard case .v4 = address else {
            return PathStep(.route, .failed, Self.ipv4Only(address), nextStep: Self.useIPv4)
        }
        if let service {
            guard !leavesNode else {
                return PathStep(
                    .route,
                    .ok,
                    """
                    \(address) is an address of the private service \(service.name)\(service.bounds), \
                    and gateway \(gateway.title) leads there by its node.
                    """
                )
            }
            if let distantGateway {
                return PathStep(
                    .route,
                    .ok,
                    """
                    \(address) is an address of the private service \(service.name)\(service.bounds), which \
                    region \(gateway.region.code) does not have. Gateway \(gateway.title) sends packets there over its \
                    link to gateway \(distantGateway.title) of region \(distantGateway.region.code), which leads there by \
                    its node.
                    """
                )
            }
            let others = gateway.services(among: source.services) + source.distantWaysOut.services
            let names = others.map(\.name).joined(separator: ", ")
            return PathStep(
                .route,
                .failed,
                """
                \(address) is an address of the private service \(service.name), and gateway \
                \(gateway.title) \(others.isEmpty ? "has no services" : "has only \(names)").
                """,
                nextStep: gateway.step(for: service)
            )
        }
        switch wayOut {
        case .internet where isKeptForOthers, .distantInternet where isKeptForOthers:
            return PathStep(
                .route,
                .failed,
                """
                \(address) is an address that the operator of the server keeps for private services, none of \
                which is for this organization.
                """,
                nextStep: Self.askForService
            )
        case .internet where leavesNode:
            return PathStep(
                .route,
                .ok,
                """
                \(address) is outside of the network, and the internet gateway of region \
                \(gateway.region.code) leads there by the node of gateway \(gateway.title).
                """
            )
        case .distantInternet(let id) where rules.isPublic(address):
            let leading = distantGateway?.title ?? "\(id)"
            return PathStep(
                .route,
                .ok,
                """
                \(address) is outside of the network, which has no internet gateway in region \
                \(gateway.region.code). Gateway \(gateway.title) sends packets there over its link to gateway \
                \(leading), whose region has one.
                """
            )
        case .internet, .distantInternet:
            return PathStep(
                .route,
                .failed,
                """
                No peer of the network has the address \(address), and internet gateways lead to public \
                addresses only.
                """,
                nextStep: "Ask the operator of the server for a private service with this address."
            )
        case .peer(let id):
            return PathStep(
                .route,
                .ok,
                """
                \(address) is outside of the network, and goes to \(wayOutTitle ?? "peer \(id)"), its default \
                gateway. What becomes of it there, the server cannot see.
                """
            )
        case .none:
            return unowned
        }
    }

    private var egress: [PathStep] {
        // That its peers have no way out may be for want of a range on the other node.
        let lacksDistant = distantGateway != nil && source.gateway.egressOutage != nil
        return leavesNode || lacksDistant ? [leaving(by: source.gateway, on: source.machine)] : []
    }

    private func leaving(by gateway: Gateway, on machine: Machine) -> PathStep {
        guard let outage = gateway.egressOutage else {
            return PathStep(
                .wayOut,
                gateway.outage == nil ? .ok : .unknown,
                "The node of gateway \(gateway.title) sends packets out of its network."
            )
        }
        return PathStep(
            .wayOut,
            .failed,
            outage,
            nextStep: gateway.outageStep(on: machine)
        )
    }

    private var mtu: PathStep {
        var most = source.gateway.mtu
        if case .peer(let peer, _) = target { most = min(most, peer.gateway.mtu) }
        if let link, distantGateway != nil { most = min(most, link.link.mtu) }
        let refused = source.drops(.tooBig).first { $0.destination == address }
        guard let refused else {
            return PathStep(
                .mtu,
                .ok,
                "Packets of \(most) bytes and less fit, and none to \(address) was larger lately."
            )
        }
        return PathStep(
            .mtu,
            .failed,
            """
            \(source.title) sent packets of \(refused.length) bytes to \(address), where \
            \(refused.mtu ?? most) are the most. Smaller ones fit.
            """,
            nextStep: "Set `MTU = \(refused.mtu ?? most)` in the config of the device."
        )
    }
}

extension PrivateService {
    /// Its protocol and ports in parentheses, behind a space; empty where it has all.
    var bounds: String {
        guard transport != nil || !ports.isEmpty else { return "" }
        let transport = transport?.rawValue.uppercased() ?? "TCP and UDP"
        guard !ports.isEmpty else { return " (\(transport))" }
        return " (\(transport), port \(ports.map(\.description).joined(separator: ", ")))"
    }
}
