import GatewayDomain
import GatewayStore

// Running sums of what is used of quotas. Each is advanced in the transaction that counts the usage, so that it is what the
// counted hours of the period add up to at any moment.
extension Transaction {
    /// Adds what one report brought, which is counted already. Costs one question where no quota is set at all.
    ///
    /// - Parameter gateways: by the numbers of their meters.
    /// - Returns: what is used, the report with it, of each quota that it concerns.
    func advanceQuotas(
        peers: [PeerID: HourlyUsage],
        gateways: [Int64: HourlyUsage]
    ) throws -> [LimitSubject: QuotaUse] {
        guard try LimitSettings.haveQuotas(db) else { return [:] }
        var added: [LimitSubject: HourlyUsage] = [:]
        for (peer, usage) in peers { added[.peer(peer)] = usage }
        let meters = try Meters.gateways(gateways.keys.sorted(), db)
        for (number, usage) in gateways {
            guard let meter = meters[number] else { continue }
            added[.gateway(meter.gateway)] = usage
            added[.organization(meter.organization), default: HourlyUsage()].add(usage)
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
        guard var use = setting.use, use.periodStart == period.lowerBound else {
            // A new period, or one of before the clock was set.
            return try store(use(of: setting.subject, quota), of: setting)
        }
        // What is reported late was used in an earlier period.
        let bytes = usage.bytes(in: period)
        guard bytes > 0 else { return use }
        use.bytes.count(bytes)
        return try store(use, of: setting)
    }

    /// Tells when much of a quota is used, or nothing any more: followers of the journal hear of that, and of no smaller steps.
    private func store(_ use: QuotaUse, of setting: LimitSetting) throws -> QuotaUse {
        var changed = setting
        changed.use = use
        try LimitSettings.setUse(of: changed, db)
        if changed.quotaState != setting.quotaState {
            try journal.updated(.limits(setting), to: .limits(changed))
        }
        return use
    }

    /// What was counted so far in the present period.
    func use(of subject: LimitSubject, _ quota: MonthlyQuota) throws -> QuotaUse {
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
        return QuotaUse(periodStart: period.lowerBound, bytes: bytes)
    }

    /// Begins new periods of quotas of which much was used, and of which nothing is counted: they may block all that could be.
    ///
    /// - Returns: whether there may be more.
    func beginQuotaPeriods(limit: Int) throws -> Bool {
        let ended = try LimitSettings.ended(at: time, limit: limit, db)
        for setting in ended {
            guard let quota = setting.limits.quota else { continue }
            _ = try store(use(of: setting.subject, quota), of: setting)
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
