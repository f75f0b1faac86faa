import GatewayDomain

/// From the gateway of the sender to that of the receiver, where they are on different nodes.
extension PathEvidence {
    var linkSteps: [PathStep] {
        guard let link else { return [] }
        let outcome: PathStep.Outcome =
            switch link.link.state {
            case .up, .detour: .ok
            case .connecting: .unknown
            case .down: .failed
            }
        return [PathStep(.link, outcome, link.message, nextStep: link.nextStep)]
    }
}
