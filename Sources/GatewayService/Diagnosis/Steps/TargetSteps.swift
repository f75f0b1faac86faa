import GatewayDomain
import NetAddress

/// From the receiver's gateway to its device.
extension PathEvidence {
    var targetSteps: [PathStep] {
        guard case .peer(let peer, _) = target, peer.peer.id != source.peer.id else { return [] }
        return [
            peer.gatewayStep(.targetGateway), endpoint(of: peer), peer.sessionStep(.targetSession),
            peer.limitStep(.targetLimits), config(of: peer),
        ]
    }

    /// A device drops what comes from an address that its `AllowedIPs` do not have, and sends no answer there.
    private func config(of peer: PeerEvidence) -> PathStep {
        let takes =
            "The config of \(peer.title) takes packets from \(source.peer.address) and leads answers back."
        guard peer.hasOutdatedConfig else {
            return PathStep(
                .targetConfig,
                .ok,
                "\(takes) Whether the device has the newest config, the server cannot see."
            )
        }
        return PathStep(
            .targetConfig,
            .unknown,
            "\(takes) \(Self.outdated)",
            nextStep: peer.configStep
        )
    }

    private func endpoint(of peer: PeerEvidence) -> PathStep {
        guard let endpoint = peer.peer.activity.endpoint else {
            return PathStep(
                .targetEndpoint,
                .failed,
                "\(peer.title) was never heard, so that the gateway does not know where to send.",
                nextStep: """
                    Start WireGuard on the device of \(peer.title). With a persistent keepalive it makes \
                    itself known before anything is sent to it.
                    """
            )
        }
        let dropped = peer.drops(.notAnswered).first { $0.source == .v4(source.peer.address) }
        if let dropped {
            return PathStep(
                .targetEndpoint,
                .failed,
                """
                \(dropped.count) packets from \(source.title) waited for \(peer.title) at \(endpoint) in \
                vain: it did not answer.
                """,
                nextStep: """
                    Start WireGuard on the device of \(peer.title), and set a persistent keepalive where it \
                    is behind a NAT.
                    """
            )
        }
        return PathStep(
            .targetEndpoint,
            .ok,
            "\(peer.title) was last heard at \(endpoint), which is where the gateway sends to."
        )
    }
}
