import GatewayDomain

extension PeerEvidence {
    /// Every rule is asked. Those that explain why there is no session come first, and only where none
    /// of them knows why does a general one speak.
    var diagnosis: PeerDiagnosis {
        let shared = sharedConfigFindings
        // What two devices do looks like a clock that went back, or like one device that moves.
        var findings =
            gatewayFindings + nodeFindings + limitFindings
            + (shared.isEmpty ? handshakeFindings : shared)
        if !findings.contains(where: { $0.severity == .error }) { findings += unexplainedFindings }
        findings += packetFindings + (shared.isEmpty ? endpointFindings : []) + configFindings
        if !findings.contains(where: { $0.severity <= .warning }) { findings.append(healthy) }
        return PeerDiagnosis(
            peerID: peer.id,
            gatewayID: gateway.id,
            checkedAt: now,
            observedSince: observedSince,
            findings: findings.worstFirst(\.severity),
            drops: observed.drops.sorted { $0.last > $1.last }
        )
    }

    private var configFindings: [Finding] {
        guard peer.config.state == .outdated else { return [] }
        return [
            Finding(
                .configOutdated,
                .warning,
                """
                The config of the peer says something else now than when it was last fetched, such as another \
                endpoint or more routes.
                """,
                nextStep: """
                    Give the device the config of the peer anew; where the server does not have its private \
                    key, keep the one of the device, or make a new key pair.
                    """,
                command: "wgw peer config \(peer.id)"
            )
        ]
    }

    private var healthy: Finding {
        switch connection {
        case .connected:
            Finding(
                .healthy,
                .ok,
                "The peer is connected.",
                nextStep: nil,
                source: peer.activity.endpoint,
                lastAt: peer.activity.latestHandshakeAt
            )
        case .silent, .never:
            Finding(
                .healthy,
                .ok,
                """
                The peer sends nothing at present, and nothing was seen that would keep it from \
                connecting.
                """,
                nextStep: nil,
                source: peer.activity.endpoint,
                lastAt: peer.activity.latestHandshakeAt
            )
        }
    }
}

/// A length of time for people, in the largest unit of which it has two.
struct DurationText: CustomStringConvertible {
    let description: String

    init(seconds: Int) {
        let units = [(86_400, "days"), (3_600, "hours"), (60, "minutes")]
        let unit = units.first { seconds >= 2 * $0.0 }
        guard let (length, name) = unit else {
            description = seconds == 1 ? "1 second" : "\(seconds) seconds"
            return
        }
        description = "\(seconds / length) \(name)"
    }
}
