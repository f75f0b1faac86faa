import GatewayDomain
import NetAddress

/// From the sender's device to its gateway.
extension PathEvidence {
    var sourceSteps: [PathStep] {
        let steps = [
            sourceConfig, source.sessionStep(.sourceSession), sourceGateway, sourceCheck,
        ]
        // What the gateway answers itself is carried nowhere, and limited by nothing.
        if case .gateway = target { return steps }
        return steps + [source.limitStep(.sourceLimits)]
    }

    private var sourceConfig: PathStep {
        if let route = routes.first(where: { $0.contains(address) }) {
            guard !source.hasOutdatedConfig else {
                return PathStep(
                    .sourceConfig,
                    .unknown,
                    """
                    The config of \(source.title) leads \(route) to the gateway, and \(address) is in it. \
                    \(Self.outdated)
                    """,
                    nextStep: source.configStep
                )
            }
            return PathStep(
                .sourceConfig,
                .ok,
                """
                The config of \(source.title) leads \(route) to the gateway, and \(address) is in it. \
                Whether the device has the newest config, the server cannot see.
                """
            )
        }
        // Nothing leads IPv6 out of a network.
        guard case .v4 = address, wayOut != .none else {
            return PathStep(
                .sourceConfig,
                .failed,
                "The config of \(source.title) does not lead \(address) to the gateway.",
                nextStep: wayOutStep
                    ?? "Choose an address of the network; the config leads \(routeList) there."
            )
        }
        return PathStep(
            .sourceConfig,
            .unknown,
            """
            The config of \(source.title) leads \(address) to the gateway if it was fetched with \
            `full_tunnel=true`.\(source.hasOutdatedConfig ? " \(Self.outdated)" : "")
            """,
            nextStep: "See whether the `AllowedIPs` of the device have 0.0.0.0/0."
        )
    }

    static let outdated = """
        That config has changed since it was last fetched, so that the device may have an older one.
        """

    private var routeList: String { routes.map(\.description).joined(separator: ", ") }

    private var sourceGateway: PathStep {
        source.gatewayStep(.sourceGateway)
    }

    private var sourceCheck: PathStep {
        let refused = source.drops(.sourceNotAllowed).first { $0.destination == address }
        guard let refused else {
            return PathStep(
                .sourceCheck,
                .ok,
                """
                The gateway takes packets from \(source.ownAddresses) of \(source.title), and refused none \
                from another address to \(address) lately.
                """
            )
        }
        let sender = refused.source.map { "\($0)" } ?? "an unknown address"
        return PathStep(
            .sourceCheck,
            .failed,
            """
            \(source.title) sent packets to \(address) from \(sender), and the gateway takes none from it \
            but those from \(source.ownAddresses).
            """,
            nextStep: "Set `Address = \(source.peer.address)/32` in the config of the device."
        )
    }
}

extension PeerEvidence {
    /// How its gateway does.
    func gatewayStep(_ condition: PathStep.Condition) -> PathStep {
        guard let outage = gateway.outage else {
            return PathStep(
                condition,
                .ok,
                gateway.lacksEgress
                    ? "Gateway \(gateway.title) carries packets between peers, and waits for its way out."
                    : "Gateway \(gateway.title) is in service."
            )
        }
        return PathStep(condition, .failed, outage, nextStep: gateway.outageStep(on: machine))
    }

    /// Whether the device may have a config that says something else than the server does now.
    var hasOutdatedConfig: Bool { peer.config.state == .outdated }

    /// For one that may.
    var configStep: String {
        """
        Give the device the config of \(title) anew; where it lacks the private key, keep the one of the \
        device.
        """
    }

    /// Whether the peer can exchange packets with its gateway at this moment.
    func sessionStep(_ condition: PathStep.Condition) -> PathStep {
        let worst = diagnosis.findings.first {
            $0.severity == .error && Self.handshakeCodes.contains($0.code)
        }
        switch connection {
        case .connected where observed.unansweredCalls.count == 0:
            return PathStep(condition, .ok, "\(title) has a session with its gateway.")
        case .never:
            return PathStep(
                condition,
                .failed,
                worst.map { "\(title) cannot connect. \($0.message)" }
                    ?? "\(title) has never connected.",
                nextStep: worst?.nextStep ?? "Start WireGuard on the device of \(title)."
            )
        case .connected, .silent:
            guard let worst else { return quietStep(condition) }
            return PathStep(
                condition,
                .failed,
                "\(title) cannot connect any more. \(worst.message)",
                nextStep: worst.nextStep
            )
        }
    }

    /// A sender makes a session when it sends; a receiver has to be found.
    private func quietStep(_ condition: PathStep.Condition) -> PathStep {
        let ago = peer.activity.lastSeen.map { DurationText(seconds: seconds(since: $0)) }
        let heard = ago.map { " and was last heard \($0) ago" } ?? ""
        if observed.unansweredCalls.count > 0 {
            return PathStep(
                condition,
                .failed,
                "\(title) does not answer the gateway\(heard).",
                nextStep:
                    "Start WireGuard on the device of \(title), and send something from there."
            )
        }
        return PathStep(
            condition,
            .unknown,
            "\(title) has no session\(heard). The next packet makes one, if the device is there.",
            nextStep: "Send something from \(title), and ask again."
        )
    }

    /// Findings that say why there is no session.
    private static let handshakeCodes: Set<Finding.Code> = [
        .noDatagram, .neverConnected, .unknownKey, .wrongGatewayKey, .wrongPresharedKey,
        .clockWentBack, .connectedPeersExceeded,
    ]
}
