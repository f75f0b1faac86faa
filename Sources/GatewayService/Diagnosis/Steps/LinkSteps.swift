import GatewayDomain

/// From the gateway of the sender to that of the receiver, where they are on different nodes.
extension PathEvidence {
    var linkSteps: [PathStep] {
        guard let link else { return [] }
        if distantGateway != nil, link.link.state == .detour {
            return [
                PathStep(
                    .link,
                    .failed,
                    """
                    The link between gateways \(link.from.title) and \(link.to.title) does not answer since \
                    \(link.link.stateSince), and packets that leave the network take no way around.
                    """,
                    nextStep: link.nextStep
                )
            ]
        }
        let outcome: PathStep.Outcome =
            switch link.link.state {
            case .up, .detour: .ok
            case .connecting: .unknown
            case .down: .failed
            }
        return [PathStep(.link, outcome, link.message, nextStep: link.nextStep)]
    }
}
