import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// Hours whose time to be kept apart is over become days; what peers used is forgotten some time later. Each step is a
    /// transaction of its own, of about as many rows as others gladly wait for.
    func rollUpUsage(_ lease: Lease?) async throws {
        let time = now()
        let batch = 2_000
        let end = UsageHour(dayBefore: settings.usageHourDays, time)
        let isNews = try await change { tx in
            if let lease { try tx.require(lease) }
            guard try Usage.rolledUpHour(tx.db) < end else { return false }
            try Usage.setRolledUpHour(end, tx.db)
            return true
        }
        var gateway: Int64? = isNews ? 0 : nil
        while let number = gateway {
            gateway = try await change { tx in
                if let lease { try tx.require(lease) }
                return try Usage.rollUpGateways(behind: number, before: end, limit: 20, tx.db)
            }
        }
        let oldest = UsageHour(dayBefore: settings.usageDays, time)
        let remembered = -Meters.rememberedSeconds
        let unused = time.advanced(bySeconds: remembered)
        var isDone = false
        while !isDone {
            isDone = try await change { tx in
                if let lease { try tx.require(lease) }
                // What peers used in a month is counted when the month is closed.
                let oldest = min(oldest, try CostLines.storedHour(tx.db))
                let hasMoved = try Usage.rollUpPeers(before: end, limit: batch, tx.db)
                let hasTrimmed = try Usage.trimPeers(before: oldest, limit: batch, tx.db)
                let meters = try Meters.trim(
                    deletedBefore: unused,
                    hasUsage: false,
                    limit: batch,
                    tx.db
                )
                guard !hasMoved, !hasTrimmed, meters < batch else { return false }
                // Whose usage is all from before the oldest day that is left.
                let forgotten = try Meters.trim(
                    deletedBefore: min(oldest, end).start.advanced(bySeconds: remembered),
                    hasUsage: true,
                    limit: batch,
                    tx.db
                )
                return forgotten < batch
            }
        }
    }
}

extension UsageHour {
    /// The first hour of the day that was `days` days ago.
    fileprivate init(dayBefore days: Int, _ time: Timestamp) {
        let day = UsageHour(of: time).number / UsageHour.inDay - Int64(days)
        self.init(number: max(day, 0) * UsageHour.inDay)
    }
}
