import GatewayDomain

/// What remarks are made from, as of one moment.
struct OverviewEvidence: Sendable {
    /// Gateways that get a remark each, and peers that one remark names.
    static let mostNamed = 10

    let trouble: StorageTrouble?
    let gateways: Overview.GatewayCounts
    /// Those with something to say about, the first of them.
    let remarkable: [Gateway]
    /// What was seen at these.
    let observed: [GatewayID: GatewayObservations]
    let peers: Overview.PeerCounts
    /// Names or addresses of the first peers that were never heard, one more than are named.
    let unheard: [String]
    /// The same of those whose config file is out of date.
    let outdated: [String]

    var remarks: [Remark] {
        (storage + remarkable.map(remark) + neverConnected + configs + empty)
            .worstFirst(\.severity)
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

    private func remark(on gateway: Gateway) -> Remark {
        if let outage = gateway.outage {
            return Remark(
                .gatewayNotProvisioned,
                .error,
                count: 1,
                outage,
                nextStep: Gateway.outageStep
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
                nextStep: gateway.reachStep
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
            nextStep: Self.neverConnectedStep
        )
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
                nextStep: Self.neverConnectedStep
            )
        ]
    }

    private static let neverConnectedStep = """
        Start WireGuard on the device with the config of the peer; wgw doctor NAME says what the server has \
        seen of it.
        """

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
                    Give the device the config of the peer anew, which wgw peer config NAME prints; where that \
                    lacks the private key, keep the one of the device, or make a new one with wgw peer update \
                    NAME --new-key.
                    """
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
                nextStep: "Make the first one with wgw peer create NAME."
            )
        ]
    }
}
