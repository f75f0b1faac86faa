import GatewayDomain
import GatewayStore

// Running sums of what is used of quotas. Each is advanced in the transaction that counts the usage, so that it is what the
// hours of the period add up to that were counted since the period began, or since the clock was set back into it.
extension Transaction {
    /// Adds what one report brought, which is counted already. Costs one question where no quota is set at all, and asks of the peers
    /// of those gateways alone of which some have a quota.
    ///
    /// - Parameters:
    ///   - meters: of the peers.
    ///   - gateways: by the numbers of their meters.
    /// - Returns: what is used, the report with it, of each quota that it concerns.
    func advanceQuotas(
        peers: [PeerID: HourlyUsage],
        _ meters: [PeerID: Meters.Meter],
        gateways: [Int64: HourlyUsage]
    ) throws -> [LimitSubject: QuotaUse] {
        guard try LimitSettings.haveQuotas(db) else { return [:] }
        var added: [LimitSubject: HourlyUsage] = [:]
        var asked: Set<Int64> = []
        let places = try Meters.gateways(gateways.keys.sorted(), db)
        let limited = try LimitSettings.havingPeersWithQuotas(places.values.map(\.gateway), db)
        for (number, usage) in gateways {
            guard let place = places[number] else { continue }
            if limited.contains(place.gateway) { asked.insert(number) }
            added[.gateway(place.gateway)] = usage
            added[.organization(place.organization), default: HourlyUsage()].add(usage)
        }
        for (peer, usage) in peers {
            guard let meter = meters[peer], asked.contains(meter.gateway) else { continue }
            added[.peer(peer)] = usage
        }
        var uses: [LimitSubject: QuotaUse] = [:]
        for setting in try LimitSettings.all(of: Array(added.keys), db) {
            guard let quota = setting.limits.quota, let usage = added[setting.subject] else {
                continue
            }
            uses[setting.subject] = try advance(setting, quota, by: usage)
        }
        return uses
    }

    private func advance(
        _ setting: LimitSetting,
        _ quota: MonthlyQuota,
        by usage: HourlyUsage
    ) throws -> QuotaUse {
        let period = quota.period(at: time)
        guard let known = setting.use, known.periodStart <= period.lowerBound else {
            // The clock was set back, into a period that may have been counted in.
            return try store(use(of: setting.subject, quota), of: setting)
        }
        // Nothing yet of a period that has begun since: its hours would have been counted here. A sum of what is stored would keep
        // all others waiting when a month begins.
        var use = quota.use(known, at: time)
        // What is reported late was used in an earlier period.
        use.bytes.count(usage.bytes(in: period))
        return use == known ? use : try store(use, of: setting)
    }

    /// Tells when much of a quota is used, or nothing any more: followers of the journal hear of that, and of no smaller steps.
    private func store(_ use: QuotaUse, of setting: LimitSetting) throws -> QuotaUse {
        var changed = setting
        changed.use = use
        try LimitSettings.setUse(of: changed, db)
        if changed.quotaState != setting.quotaState {
            var old = setting
            old.subjectName = try LimitSettings.find(setting.subject, reading: .forDeletion, db)?
                .subjectName
            changed.subjectName = old.subjectName
            try journal.updated(.limits(old), to: .limits(changed))
        }
        return use
    }

    /// What was counted so far in the present period.
    ///
    /// - Parameter known: what was known to be used; what is stored of that period may be forgotten already.
    func use(
        of subject: LimitSubject,
        _ quota: MonthlyQuota,
        known: QuotaUse? = nil
    ) throws -> QuotaUse {
        let period = quota.period(at: time)
        var filter = UsageFilter(hours: period)
        var scope: Scope?
        switch subject {
        case .peer(let id): filter.peerID = id
        case .gateway(let id): filter.gatewayID = id
        case .organization(let id): scope = Scope(organizationID: id)
        }
        let sums = try Usage.sums(filter, in: scope, limit: 1, db).page
        var bytes: UInt64 = 0
        for sum in sums { bytes.count(sum.counts.bytes) }
        if let known, known.periodStart == period.lowerBound { bytes = max(bytes, known.bytes) }
        return QuotaUse(periodStart: period.lowerBound, bytes: bytes)
    }

    /// Begins new periods of quotas of which much was used, and of which nothing is counted: they may block all that could be. Nothing
    /// is used of the new ones, as the first report of them would have begun them.
    ///
    /// - Returns: whether there may be more.
    func beginQuotaPeriods(limit: Int) throws -> Bool {
        let ended = try LimitSettings.ended(at: time, limit: limit, db)
        for setting in ended {
            guard let quota = setting.limits.quota else { continue }
            _ = try store(quota.use(setting.use, at: time), of: setting)
        }
        return ended.count == limit
    }
}

extension UsageCounts {
    /// Both ways.
    fileprivate var bytes: UInt64 {
        var sum = rxBytes
        sum.count(txBytes)
        return sum
    }
}

extension HourlyUsage {
    fileprivate func bytes(in hours: Range<UsageHour>) -> UInt64 {
        var sum: UInt64 = 0
        for entry in entries where hours.contains(entry.hour) {
            sum.count(entry.counts.bounded.bytes)
        }
        return sum
    }
}
