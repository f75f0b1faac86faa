package import GatewayDomain
import GatewayStore
import WireGuardCrypto

extension ControlPlane {
    /// Says how a gateway does, and what to do about those who knock at it in vain.
    package func diagnoseGateway(
        _ id: GatewayID,
        by caller: Caller
    ) async throws -> GatewayDiagnosis {
        try await store.readAside { db in
            guard let gateway = try Gateways.find(id, in: caller.scope, db) else {
                throw ServiceError.notFound
            }
            let services = try PrivateServices.all(db)
            let distant = try DistantWaysOut(of: id, among: services, db)
            let internet = try InternetGateways.find(
                of: gateway.networkID,
                in: gateway.region.code,
                db
            )
            let gaps = ServiceGaps(
                of: gateway,
                leadsToInternet: internet != nil || distant.internet != nil,
                overLinks: distant,
                among: services,
                by: settings.serviceRules
            )
            var evidence = GatewayEvidence(
                gateway: gateway,
                observed: observations[id],
                gaps: gaps
            )
            evidence.node = try Nodes.find(gateway.nodeID, db).map(addingActivity)
            evidence.absence = evidence.node.flatMap(absence)
            evidence.links = try LinkEvidence.troubled(of: gateway, in: caller.scope, db)
            evidence.limits = try LimitSettings.all(
                of: [.gateway(id), .organization(gateway.organizationID)],
                readsNames: true,
                db
            ).map { $0.asOf(now()) }
            for case .unknownKey(let key) in evidence.observed.strangers.map(\.mistake) {
                guard
                    let peer = try Peers.find(key, in: gateway.networkID, of: caller.scope, db),
                    let own = try Gateways.find(peer.gatewayID, in: caller.scope, db)
                else { continue }
                evidence.owners[key] = (peer, own)
            }
            return GatewayDiagnosis(
                gatewayID: id,
                checkedAt: now(),
                observedSince: max(observations.since, gateway.createdAt),
                findings: evidence.findings
            )
        }
    }
}

/// All that findings about a gateway are made from, as of one moment.
struct GatewayEvidence {
    let gateway: Gateway
    var node: GatewayNode?
    /// Nil where the node is heard of.
    var absence: NodeAbsence?
    let observed: GatewayObservations
    let gaps: ServiceGaps
    /// Of the keys of strangers, those that a peer of the network has, with the gateway of that peer.
    var owners: [PublicKey: (peer: Peer, gateway: Gateway)] = [:]

    /// Those that are not as they should be.
    var links: [LinkEvidence] = []
    /// Of the gateway and its organization.
    var limits: [LimitSetting] = []

    var findings: [Finding] {
        let seen =
            outage + nodeFindings + links.map(\.finding) + silence
            + observed.strangers.compactMap(finding)
        let found = (seen + serviceFindings + limitFindings)
            .worstFirst(\.severity)
        guard !found.contains(where: { $0.severity <= .warning }) else { return found }
        return [
            Finding(
                .healthy,
                .ok,
                "The gateway is in service, and every handshake that it saw is of one of its peers.",
                nextStep: nil,
                lastAt: gateway.activity.latestHandshakeAt
            )
        ] + found
    }

    private var limitFindings: [Finding] { limits.compactMap { $0.quotaFinding() } }

    private var serviceFindings: [Finding] {
        let missing = gaps.missingSentences.map { sentence, nextStep in
            Finding(.serviceMissing, .warning, sentence, nextStep: nextStep)
        }
        let withheld = gaps.withheldSentence.map { sentence in
            Finding(
                .internetWithoutServices,
                .info,
                sentence,
                nextStep: ServiceGaps.withheldStep,
                command: gaps.withheldCommand
            )
        }
        return missing + [withheld].compactMap(\.self)
    }

    private var outage: [Finding] {
        if let outage = gateway.outage {
            return [gateway.finding(.gatewayNotProvisioned, .error, outage, on: machine)]
        }
        if let outage = gateway.egressOutage {
            return [gateway.finding(.noWayOut, .error, outage, on: machine)]
        }
        return []
    }

    private var machine: Machine { Machine(of: node) }

    private var nodeFindings: [Finding] {
        guard let node, let absence else { return [] }
        return [absence.finding(on: node, of: gateway)]
    }

    private var silence: [Finding] {
        guard gateway.outage == nil, gateway.activity.peersCount > 0, !gateway.wasReached(observed)
        else { return [] }
        return [
            Finding(
                .noDatagram,
                .warning,
                "No datagram from anywhere has reached UDP port \(gateway.endpoint.port) of the gateway.",
                nextStep: gateway.reachStep(on: machine)
            )
        ]
    }

    /// Nil for a key that the gateway knows by now.
    private func finding(_ stranger: StrangerObservation) -> Finding? {
        switch stranger.mistake {
        case .wrongGatewayKey:
            return finding(
                .wrongGatewayKey,
                stranger,
                "A device at \(stranger.endpoint) begins handshakes with another public key for the gateway.",
                nextStep: """
                    Give the device the config of its peer anew: the `PublicKey` in it has to be \
                    \(gateway.publicKey.base64).
                    """
            )
        case .unknownKey(let key):
            guard let owner = owners[key] else {
                return finding(
                    .unknownKey,
                    stranger,
                    """
                    A device at \(stranger.endpoint) begins handshakes with the key \(key.base64), which \
                    no peer of the gateway has.
                    """,
                    nextStep: """
                        If you know the device, give it the config of its peer anew, or make a peer with \
                        this public key. If not, do nothing: the gateway does not answer it.
                        """
                )
            }
            guard owner.gateway.id != gateway.id else { return nil }
            return finding(
                .unknownKey,
                stranger,
                """
                A device at \(stranger.endpoint) begins handshakes with the key of '\(owner.peer.title)', \
                which is a peer of another gateway, \(owner.gateway.title).
                """,
                nextStep: """
                    Give the device the config of that peer anew: the `Endpoint` in it has to be \
                    \(owner.gateway.endpoint).
                    """
            )
        }
    }

    private func finding(
        _ code: Finding.Code,
        _ stranger: StrangerObservation,
        _ message: String,
        nextStep: String
    ) -> Finding {
        Finding(
            code,
            .warning,
            message,
            nextStep: nextStep,
            source: stranger.endpoint,
            count: stranger.count,
            lastAt: stranger.last
        )
    }
}

extension Peer {
    /// What people call it.
    fileprivate var title: String { name ?? "\(address)" }
}
