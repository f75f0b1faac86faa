import GatewayDomain

/// What remarks are made from, as of one moment.
struct OverviewEvidence: Sendable {
    /// Gateways that get a remark each, and peers that one remark names.
    static let mostNamed = 10

    let checkedAt: Timestamp
    /// When the server was started.
    let startedAt: Timestamp
    let trouble: StorageTrouble?
    let gateways: Overview.GatewayCounts
    /// Those with something to say about, the first of them.
    let remarkable: [Gateway]
    /// What was seen at these.
    let observed: [GatewayID: GatewayObservations]
    let peers: Overview.PeerCounts
    /// Names or addresses of the first peers that were never heard, one more than are named. A peer that a limit refuses is
    /// not among them.
    let unheard: [String]
    let limited: LimitedPeers
    /// The same of those whose config file is out of date.
    let outdated: [String]
    /// Limits whose quotas are used up and keep packets back, the first of them.
    let usedUp: [LimitSetting]
    /// Those that do not get what they should.
    let webhooks: [TroubledWebhook]
    /// Those that carry gateways which the caller sees, and of an admin all others, with the number of such gateways.
    let nodes: [(node: GatewayNode, gateways: Int)]
    /// Whether the caller looks after nodes.
    let isAdmin: Bool
    /// Those that are not as they should be, the first of them.
    let links: [LinkEvidence]
    /// Services that networks do not have in whole, the first of them.
    let overlaps: [ServiceOverlap]
    /// Gateways that lead to less than their owner may think, the first of them.
    let gaps: [ServiceGaps]

    var remarks: [Remark] {
        (storage + nodes.flatMap(remarks) + remarkable.map(remark) + links.map(\.remark)
            + gaps.flatMap(remarks)
            + overlaps.map(remark)
            + quotas + refusals + rates + webhooks.map(\.remark) + neverConnected + configs
            + empty)
            .worstFirst(\.severity)
    }

    private func remarks(on gaps: ServiceGaps) -> [Remark] {
        let missing = gaps.missingSentences.map { sentence, nextStep in
            Remark(.serviceMissing, .warning, count: 1, sentence, nextStep: nextStep)
        }
        let withheld = gaps.withheldSentence.map { sentence in
            Remark(
                .internetWithoutServices,
                .info,
                count: 1,
                sentence,
                nextStep: ServiceGaps.withheldStep,
                command: gaps.withheldCommand
            )
        }
        return missing + [withheld].compactMap(\.self)
    }

    private var storage: [Remark] {
        guard let trouble else { return [] }
        return [
            Remark(
                .changesNotStored,
                .error,
                count: 0,
                "Changes cannot be stored: \(trouble)",
                nextStep: "Put that right on the server; changes are refused until then."
            )
        ]
    }

    private func remarks(on node: GatewayNode, _ gateways: Int) -> [Remark] {
        var remarks: [Remark] = []
        let absence = NodeAbsence(of: node, serverStart: startedAt, at: checkedAt)
        switch gateways > 0 || isAdmin ? absence : nil {
        case .connecting:
            remarks.append(
                Remark(
                    .nodeConnecting,
                    .info,
                    count: gateways,
                    "The server started a moment ago, and the node '\(node.name)' has not connected yet.",
                    nextStep: NodeAbsence.connectingStep
                )
            )
        case .away(let since):
            remarks.append(
                Remark(
                    .nodeAway,
                    gateways > 0 ? .error : .warning,
                    count: gateways,
                    "The node '\(node.name)' has not been heard of since \(since)\(Self.whatWaits(on: gateways)).",
                    nextStep: gateways > 0
                        ? NodeAbsence.awayStep : "Start the node's machine, or delete the node.",
                    command: isAdmin ? "wgw node get \(node.id)" : nil
                )
            )
        case nil: break
        }
        if let time = node.secondSessionAt, isAdmin {
            remarks.append(
                Remark(
                    .secondNodeSession,
                    .error,
                    count: gateways,
                    """
                    A second process showed the credential of the node '\(node.name)' at \(time), and was turned \
                    away.
                    """,
                    nextStep: """
                        If that was no other process of the same machine, the credential is stolen: make a new join \
                        token, and let the machine join with it.
                        """,
                    command: "wgw node token \(node.id)"
                )
            )
        }
        if let source = node.activity.foreignSource, isAdmin {
            remarks.append(
                Remark(
                    .nodeAddressElsewhere,
                    .warning,
                    count: gateways,
                    """
                    Configs send peers of the node '\(node.name)' to \(node.host), an address that its machine does \
                    not have; the node itself connects from \(source).
                    """,
                    nextStep: """
                        If no router passes the UDP ports of that address on to the node, give the node the \
                        address at which it is reached; configs that were given away have the old one.
                        """,
                    command: "wgw node update \(node.id) --endpoint-address \(source)"
                )
            )
        }
        return remarks
    }

    /// Of a node that is away.
    private static func whatWaits(on gateways: Int) -> String {
        let shown = "is as of then, and changes wait until it is back"
        return switch gateways {
        case 0: "; it carries no gateways"
        case 1: ": what is shown of its gateway and peers \(shown)"
        default: ": what is shown of its \(gateways) gateways and their peers \(shown)"
        }
    }

    private func remark(on gateway: Gateway) -> Remark {
        let machine = Machine(of: nodes.first { $0.node.id == gateway.nodeID }?.node)
        if let outage = gateway.outage {
            return Remark(
                .gatewayNotProvisioned,
                .error,
                count: 1,
                outage,
                nextStep: gateway.outageStep(on: machine),
                command: gateway.outageCommand(on: machine)
            )
        }
        if let outage = gateway.egressOutage {
            return Remark(
                .noWayOut,
                .error,
                count: 1,
                outage,
                nextStep: gateway.outageStep(on: machine),
                command: gateway.outageCommand(on: machine)
            )
        }
        if let reason = gateway.statusReason {
            return Remark(
                .gatewayIncomplete,
                .error,
                count: 1,
                "Gateway \(gateway.title) leaves out some of its peers: \(reason).",
                nextStep: "Delete these peers and make them anew."
            )
        }
        guard gateway.wasReached(observed[gateway.id] ?? GatewayObservations()) else {
            return Remark(
                .noDatagram,
                .warning,
                count: 1,
                """
                None of its peers has ever reached gateway \(gateway.title) at \(gateway.endpoint).
                """,
                nextStep: gateway.reachStep(on: machine)
            )
        }
        return Remark(
            .neverConnected,
            .warning,
            count: gateway.activity.peersCount,
            """
            None of its peers has ever connected to gateway \(gateway.title), though datagrams reach its UDP \
            port.
            """,
            nextStep: Self.neverConnectedStep,
            command: Self.neverConnectedCommand
        )
    }

    private func remark(on overlap: ServiceOverlap) -> Remark {
        Remark(
            .serviceOverlapsNetwork,
            .warning,
            count: 1,
            """
            The private service \(overlap.service) has \(overlap.prefix), which overlaps the addresses \
            \(overlap.block) of network '\(overlap.network)': there the network's own peers and gateways are \
            reached, and not the service.
            """,
            nextStep: """
                Make the network anew with another address block, or ask the operator of the server for other \
                addresses of the service.
                """
        )
    }

    private var quotas: [Remark] {
        usedUp.compactMap { $0.quotaFinding() }.map { finding in
            Remark(
                .quotaUsedUp,
                finding.severity,
                count: 1,
                finding.message,
                nextStep: finding.nextStep ?? "",
                command: "wgw limits --state used_up"
            )
        }
    }

    private var refusals: [Remark] {
        let names = limited.refused.map(\.title)
        guard !names.isEmpty else { return [] }
        return [
            Remark(
                .connectedPeersExceeded,
                .warning,
                count: names.count,
                """
                \(Self.have(names)) been refused of late by a limit of connected peers, because others were connected: \
                \(Self.list(names)).
                """,
                nextStep: "Disconnect other peers, or raise the limit.",
                command: "wgw limits"
            )
        ]
    }

    private var rates: [Remark] {
        guard !limited.slowed.isEmpty else { return [] }
        return [
            Remark(
                .rateExceeded,
                .info,
                count: limited.slowed.count,
                """
                \(Self.have(limited.slowed)) exceeded a rate of late, so that packets were dropped: \
                \(Self.list(limited.slowed)).
                """,
                nextStep:
                    "Do nothing where that is meant so: TCP adapts to the rate. Else raise the limit.",
                command: "wgw limits"
            )
        ]
    }

    /// Peers of a gateway that none of them reaches are spoken of with that gateway.
    private var neverConnected: [Remark] {
        guard !unheard.isEmpty else { return [] }
        return [
            Remark(
                .neverConnected,
                .warning,
                count: unheard.count,
                "\(Self.have(unheard)) never connected: \(Self.list(unheard)).",
                nextStep: Self.neverConnectedStep,
                command: Self.neverConnectedCommand
            )
        ]
    }

    private static let neverConnectedStep = """
        Start WireGuard on the device with the config of the peer; the diagnosis of the peer says what the \
        server has seen of it.
        """
    private static let neverConnectedCommand = "wgw peer list --status never_connected"

    private var configs: [Remark] {
        guard !outdated.isEmpty else { return [] }
        return [
            Remark(
                .configOutdated,
                .warning,
                count: outdated.count,
                """
                \(Self.have(outdated)) a config file that is out of date: \
                \(Self.list(outdated)).
                """,
                nextStep: """
                    Give the device the config of the peer anew; where that lacks the private key, keep the \
                    one of the device, or make a new key pair.
                    """,
                command: "wgw peer list --config outdated"
            )
        ]
    }

    /// Names are read for one more than are named: then there are some more.
    private static func have(_ names: [String]) -> String {
        switch names.count {
        case 1: "One peer has"
        case ...mostNamed: "\(names.count) peers have"
        default: "More than \(mostNamed) peers have"
        }
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(mostNamed).joined(separator: ", ")
            + (names.count > mostNamed ? " and others" : "")
    }

    private var empty: [Remark] {
        guard peers.total == 0 else { return [] }
        return [
            Remark(
                .noPeers,
                .info,
                count: 0,
                "There are no peers yet.",
                nextStep: "Make the first one.",
                command: "wgw peer create laptop"
            )
        ]
    }
}
