import GatewayDomain

/// That the server does not hear of a node. What the node carries may go on as it was, which the server cannot tell.
extension GatewayNode {
    /// Nil where it is heard of.
    func absence(of gateway: Gateway) -> Finding? {
        guard let since = absentSince else { return nil }
        return Finding(
            .nodeAway,
            .warning,
            certainty: .likely,
            """
            The node '\(name)', which carries gateway \(gateway.title), has not been heard of since \(since): what is \
            shown of its peers is as of then, and changes reach it when it is back.
            """,
            nextStep: Self.absenceStep,
            lastAt: since
        )
    }

    static let absenceStep = """
        Where the node only lost the server, its gateways go on carrying packets, and new handshakes of the peers that \
        they know. Else start the node's machine, or have an admin move the gateways to another node.
        """

    var absentSince: Timestamp? {
        presence == .away ? lastSeenAt ?? presenceSince : nil
    }
}

extension PeerEvidence {
    var nodeFindings: [Finding] { [node?.absence(of: gateway)].compactMap(\.self) }
}
