import GatewayDomain
import NetAddress

/// Inside the gateway of the sender.
extension PathEvidence {
    var routeSteps: [PathStep] { [route, mtu] }

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
        case .elsewhere:
            PathStep(
                .route,
                .failed,
                "No peer and no gateway of the network has the address \(address).",
                nextStep: "Look the address up among the peers of the network."
            )
        }
    }

    private var mtu: PathStep {
        var most = source.gateway.mtu
        if case .peer(let peer, _) = target { most = min(most, peer.gateway.mtu) }
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
