import GatewayDomain
import NodeProtocol
import WireGuardEngine

/// What of quotas is used, and as of which readings of the data plane's accounts: pure. Out of that comes what is left.
///
/// What the feed says is used is exact as of a report. Until the next one the data plane counts down by itself, and without
/// one it goes on so.
struct QuotaKeeper {
    struct Setting: Equatable {
        let subject: LimitSubject
        let quota: Quota
    }

    private struct Known {
        var quota: MonthlyQuota
        var use: QuotaUse
        /// The reading that `use` includes; nil before the first report.
        var since: Reading?
        var latest: Reading?
        /// The number of the report that `use` is as of.
        var report = 0
        /// Of a peer.
        var gateway: GatewayID?

        /// Nil where nothing happens when the quota is used up.
        func setting(of subject: LimitSubject) -> Setting? {
            Quota(quota, left: quota.left(behind: use), since: since).map {
                Setting(subject: subject, quota: $0)
            }
        }
    }

    private var known: [LimitSubject: Known] = [:]
    private var organizations: [GatewayID: OrganizationID] = [:]
    /// How many reports were noted.
    private(set) var reports = 0
    /// The first period to end does not end before.
    private var nextEnd: UsageHour?

    /// - Returns: what is to be set at once. What was not known before comes with the configuration.
    mutating func take(_ changes: [NodeChange], at time: Timestamp) -> [Setting] {
        var settings: [Setting] = []
        for change in changes {
            switch change {
            case .peerPut(let peer):
                settings += take(peer, at: time)
            case .gatewayPut(let gateway):
                settings += take(gateway, at: time)
            case .peerDeleted(let id), .peerLeftOut(let id, _, _):
                known[.peer(id)] = nil
            case .gatewayDeleted(let id):
                known[.gateway(id)] = nil
                known = known.filter { $0.value.gateway != id }
                removeFromOrganization(id)
            case .linkPut, .distantLinkPut, .linkDeleted, .gatewayLeftOut: break
            }
        }
        return settings
    }

    /// What is used is as it is told now, unless more of it was known by a later report.
    ///
    /// - Parameter reports: how many were noted when the snapshot was asked for.
    mutating func take(
        _ snapshot: NodeSnapshot,
        askedAfter reports: Int,
        at time: Timestamp
    ) -> [Setting] {
        let old = known
        known = [:]
        organizations = [:]
        nextEnd = nil
        for gateway in snapshot.gateways { _ = take(gateway, at: time) }
        for peer in snapshot.peers { _ = take(peer, at: time) }
        return old.compactMap { subject, old in
            guard let latest = old.latest, let told = known[subject] else { return nil }
            known[subject]?.latest = latest
            known[subject]?.since = latest
            let isLater = old.report > reports
            if let since = old.since,
                old.use == told.use
                    || isLater && told.quota.further(told.use, old.use) == old.use
            {
                // The last reading may have more than that use.
                known[subject]?.use = old.use
                known[subject]?.since = since
                known[subject]?.report = old.report
            }
            return known[subject]?.setting(of: subject)
        }
    }

    /// - Parameters:
    ///   - uses: as of the report whose readings these are.
    ///   - readings: of all accounts that have counted since the last report, and maybe of others.
    mutating func note(
        _ uses: [LimitSubject: QuotaUse],
        _ readings: [LimitSubject: Reading],
        at time: Timestamp
    ) -> [Setting] {
        reports += 1
        guard !known.isEmpty else { return [] }
        for (subject, reading) in readings { known[subject]?.latest = reading }
        var settled = beginPeriods(at: time)
        for (subject, use) in uses {
            guard let quota = known[subject]?.quota else { continue }
            let latest = known[subject]?.latest
            known[subject]?.use = quota.use(use, at: time)
            known[subject]?.since = latest
            known[subject]?.report = reports
            settled.insert(subject)
        }
        return settled.compactMap { known[$0]?.setting(of: $0) }
    }

    /// - Returns: in whose period nothing is used yet.
    private mutating func beginPeriods(at time: Timestamp) -> Set<LimitSubject> {
        guard let end = nextEnd, time >= end.start else { return [] }
        nextEnd = nil
        var begun: Set<LimitSubject> = []
        for (subject, present) in known {
            let use = present.quota.use(present.use, at: time)
            if use != present.use {
                known[subject]?.use = use
                known[subject]?.since = present.latest
                begun.insert(subject)
            }
            noteEnd(of: present.quota, at: time)
        }
        return begun
    }

    private mutating func noteEnd(of quota: MonthlyQuota, at time: Timestamp) {
        let end = quota.period(at: time).upperBound
        nextEnd = min(nextEnd ?? end, end)
    }
}

// As they are told
extension QuotaKeeper {
    private mutating func take(_ peer: PeerProvision, at time: Timestamp) -> [Setting] {
        let settings = take(peer.limits, of: .peer(peer.id), at: time)
        known[.peer(peer.id)]?.gateway = peer.gatewayID
        return settings
    }

    private mutating func take(_ gateway: GatewayProvision, at time: Timestamp) -> [Setting] {
        var settings = take(gateway.limits, of: .gateway(gateway.id), at: time)
        if let id = gateway.organizationID {
            organizations[gateway.id] = id
            settings += take(gateway.organizationLimits, of: .organization(id), at: time)
        }
        return settings
    }

    /// An organization's account is gone with its last gateway.
    private mutating func removeFromOrganization(_ gateway: GatewayID) {
        guard let id = organizations.removeValue(forKey: gateway), known[.organization(id)] != nil,
            !organizations.values.contains(id)
        else { return }
        known[.organization(id)] = nil
    }

    private mutating func take(
        _ limits: LimitProvision?,
        of subject: LimitSubject,
        at time: Timestamp
    ) -> [Setting] {
        guard let quota = limits?.limits.quota, quota.action != .warn else {
            known[subject] = nil
            return []
        }
        noteEnd(of: quota, at: time)
        guard var next = known[subject] else {
            known[subject] = Known(quota: quota, use: quota.use(limits?.use, at: time))
            return []
        }
        guard next.quota != quota else { return [] }
        // What is told was true some time ago; what is known here belongs to a reading.
        if quota.further(next.use, nil) == nil {
            next.use = quota.use(limits?.use, at: time)
            next.since = next.latest
        }
        next.quota = quota
        known[subject] = next
        return next.setting(of: subject).map { [$0] } ?? []
    }
}

extension Quota {
    /// Nil for one with whose end nothing happens.
    init?(_ quota: MonthlyQuota, left: UInt64, since reading: Reading? = nil) {
        switch quota.action {
        case .warn: return nil
        case .throttle(let rate): self.init(left: left, since: reading, action: .throttle(rate))
        case .block: self.init(left: left, since: reading, action: .block)
        }
    }
}
