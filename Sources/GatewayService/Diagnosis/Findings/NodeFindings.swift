import GatewayDomain

/// That the server does not hear of a node. What the node carries may go on as it was, which the server cannot tell.
enum NodeAbsence: Sendable {
    /// It has had no time to find a server that was started again.
    case connecting
    case away(since: Timestamp)

    /// How long a node that was connected takes at most to find a server that was started again.
    private static let connectingSeconds: Int64 = 15
    /// How long a server is down at most that is started again. A node that was gone for longer is not gone because of that.
    private static let recentSeconds: Int64 = 600

    /// Nil where the node is heard of.
    ///
    /// - Parameter start: when the server was started.
    init?(of node: GatewayNode, serverStart start: Timestamp, at now: Timestamp) {
        guard let since = node.absentSince else { return nil }
        let isExpected =
            since < start && start < since.advanced(bySeconds: Self.recentSeconds)
            && now < start.advanced(bySeconds: Self.connectingSeconds)
        self = isExpected ? .connecting : .away(since: since)
    }

    func finding(on node: GatewayNode, of gateway: Gateway) -> Finding {
        switch self {
        case .connecting:
            Finding(
                .nodeConnecting,
                .info,
                """
                The server started a moment ago, and the node '\(node.name)', which carries gateway \(gateway.title), has not \
                connected yet.
                """,
                nextStep: Self.connectingStep
            )
        case .away(let since):
            Finding(
                .nodeAway,
                .warning,
                certainty: .likely,
                """
                The node '\(node.name)', which carries gateway \(gateway.title), has not been heard of since \(since): what is \
                shown of its peers is as of then, and changes reach it when it is back.
                """,
                nextStep: Self.awayStep,
                lastAt: since
            )
        }
    }

    static let connectingStep = "Ask again in a few seconds."

    static let awayStep = """
        Where the node only lost the server, its gateways go on carrying packets, and new handshakes of the peers that \
        they know. Else start the node's machine, or have an admin move the gateways to another node.
        """
}

extension GatewayNode {
    var absentSince: Timestamp? {
        presence == .away ? lastSeenAt ?? presenceSince : nil
    }
}

extension ControlPlane {
    func absence(of node: GatewayNode) -> NodeAbsence? {
        NodeAbsence(of: node, serverStart: observations.since, at: now())
    }
}

extension PeerEvidence {
    var nodeFindings: [Finding] {
        guard let node, let absence else { return [] }
        return [absence.finding(on: node, of: gateway)]
    }
}
