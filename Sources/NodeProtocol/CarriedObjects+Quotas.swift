package import GatewayDomain

// What of quotas is used. The node counts for itself, so that they end while the control plane is away; what that has
// counted sets it right.
extension CarriedObjects {
    /// What was counted before, where it is more than what was told.
    package mutating func resume(_ known: [LimitSubject: QuotaUse]) {
        for (subject, use) in known {
            guard let quota = quota(of: subject) else { continue }
            uses[subject] = quota.further(uses[subject], use)
        }
    }

    /// Counts what was reported.
    ///
    /// - Returns: whose quotas it concerns.
    package mutating func count(_ reports: [PeerReport]) -> Set<LimitSubject> {
        var concerned: Set<LimitSubject> = []
        add(reports) { subject in
            concerned.insert(subject)
            return true
        }
        return concerned
    }

    /// What the control plane has counted, which may be of other nodes, too.
    ///
    /// - Parameters:
    ///   - rest: what it has not counted yet.
    ///   - time: by the node's clock, with which periods end here.
    package mutating func take(
        _ told: [LimitSubject: QuotaUse],
        without rest: [PeerReport],
        at time: Timestamp
    ) {
        var counted: Set<LimitSubject> = []
        for (subject, use) in told {
            guard let quota = quota(of: subject) else { continue }
            let start = quota.period(at: time).lowerBound
            if use.periodStart >= start {
                uses[subject] = use
                counted.insert(subject)
            } else if uses[subject]?.periodStart != start {
                // The period has ended here, and not there yet.
                uses[subject] = QuotaUse(periodStart: start, bytes: 0)
            }
        }
        guard !counted.isEmpty else { return }
        add(rest) { counted.contains($0) }
    }

    private mutating func add(_ reports: [PeerReport], to isMeant: (LimitSubject) -> Bool) {
        for report in reports where !report.usageAdded.isEmpty {
            for (subject, quota) in quotas(over: report.id) where isMeant(subject) {
                uses[subject] = quota.adding(report.usageAdded, to: uses[subject])
            }
        }
    }

    /// Its own, its gateway's and its organization's, where they have one.
    private func quotas(over peer: PeerID) -> [(subject: LimitSubject, quota: MonthlyQuota)] {
        guard let peer = peers[peer] else { return [] }
        let gateway = gateways[peer.gatewayID]
        var found: [(LimitSubject, MonthlyQuota)] = []
        if let quota = peer.limits?.limits.quota { found.append((.peer(peer.id), quota)) }
        if let gateway, let quota = gateway.limits?.limits.quota {
            found.append((.gateway(gateway.id), quota))
        }
        if let id = gateway?.organizationID, let quota = organizationQuotas[id] {
            found.append((.organization(id), quota))
        }
        return found
    }

    private func quota(of subject: LimitSubject) -> MonthlyQuota? {
        switch subject {
        case .peer(let id): peers[id]?.limits?.limits.quota
        case .gateway(let id): gateways[id]?.limits?.limits.quota
        case .organization(let id): organizationQuotas[id]
        }
    }
}

// As they are told
extension CarriedObjects {
    mutating func put(_ peer: PeerProvision) {
        peers[peer.id] = peer
        learn(peer.limits, of: .peer(peer.id))
    }

    mutating func put(_ gateway: GatewayProvision) {
        gateways[gateway.id] = gateway
        learn(gateway.limits, of: .gateway(gateway.id))
        guard let organization = gateway.organizationID else { return }
        organizationQuotas[organization] = gateway.organizationLimits?.limits.quota
        learn(gateway.organizationLimits, of: .organization(organization))
    }

    /// Nothing is kept of an organization without gateways here: what is told with its next one counts.
    mutating func removeGateway(_ id: GatewayID) {
        uses[.gateway(id)] = nil
        guard let organization = gateways.removeValue(forKey: id)?.organizationID,
            organizationQuotas[organization] != nil,
            !gateways.values.contains(where: { $0.organizationID == organization })
        else { return }
        organizationQuotas[organization] = nil
        uses[.organization(organization)] = nil
    }

    /// What was counted here is at least what was told at some time.
    private mutating func learn(_ limits: LimitProvision?, of subject: LimitSubject) {
        uses[subject] = limits?.limits.quota.flatMap { $0.further(uses[subject], limits?.use) }
    }

    func showingUse(_ peer: PeerProvision) -> PeerProvision {
        guard peer.limits != nil else { return peer }
        var peer = peer
        peer.limits?.use = uses[.peer(peer.id)]
        return peer
    }

    func showingUse(_ gateway: GatewayProvision) -> GatewayProvision {
        guard gateway.limits != nil || gateway.organizationLimits != nil else { return gateway }
        var gateway = gateway
        gateway.limits?.use = uses[.gateway(gateway.id)]
        gateway.organizationLimits?.use = gateway.organizationID.flatMap {
            uses[.organization($0)]
        }
        return gateway
    }
}
