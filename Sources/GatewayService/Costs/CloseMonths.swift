import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// How long after its end a month is open for what nodes report late.
    package static let daysUntilClosing: Int64 = 3

    /// Stores what months cost that ended some days ago. From then on, usage of such a month is charged for in the month in which it
    /// comes, so that what is stored stays true. Nothing is charged for the months before the one in which the first server with prices
    /// started: there was no price for them.
    func closeMonths(_ lease: Lease?) async throws {
        let now = now()
        let open = CalendarMonth(of: now.advanced(bySeconds: -Self.daysUntilClosing * 86_400))
        let end = open.hours.lowerBound
        let (stored, begin, organizations) = try await store.read { db in
            (
                try CostLines.storedHour(db), try CostLines.begin(db),
                try CostLines.organizations(db)
            )
        }
        guard stored > UsageHour(number: 0) else {
            let first = CalendarMonth(of: now).hours.lowerBound
            return try await change { tx in
                if let lease { try tx.require(lease) }
                if try Usage.closedHour(tx.db) < first { try Usage.setClosedHour(first, tx.db) }
                try CostLines.setStoredHour(first, tx.db)
            }
        }
        guard stored < end, let begin else { return }
        try await change { tx in
            if let lease { try tx.require(lease) }
            if try Usage.closedHour(tx.db) < end { try Usage.setClosedHour(end, tx.db) }
        }
        var month = CalendarMonth(of: max(stored.start, begin))
        while month < open {
            try await close(month, of: organizations, lease)
            month = month.next
        }
    }

    /// What is stored of a month stays: a closing that was interrupted goes on behind it. One organization whose costs cannot be
    /// stored keeps its month open, and none of the others.
    func close(
        _ month: CalendarMonth,
        of organizations: [OrganizationID],
        _ lease: Lease?
    ) async throws {
        let now = now()
        var renewedAt = now
        var failure: (any Error)?
        for organization in organizations {
            do {
                // Peers times hours are read here, for which no writer waits. Usage of the month does not change any more.
                let costs = try await store.readAside { db in
                    guard try CostLines.find(of: organization, in: month, db) == nil else {
                        return nil as Costs?
                    }
                    return try Costs(
                        of: organization,
                        in: month,
                        by: settings.prices,
                        isClosed: true,
                        at: now,
                        db
                    )
                }
                let isStored = costs?.lines.isEmpty ?? true
                let isDue =
                    renewedAt.advanced(bySeconds: Self.housekeepingSeconds / 4) <= self.now()
                guard !isStored || isDue else { continue }
                try await change { tx in
                    if let lease { try tx.renew(lease, seconds: Self.housekeepingSeconds) }
                    if let costs, !isStored { try CostLines.put(costs, tx.db) }
                }
                renewedAt = self.now()
            } catch let lost as LeaseLost {
                throw lost
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        try await change { tx in
            if let lease { try tx.renew(lease, seconds: Self.housekeepingSeconds) }
            try CostLines.setStoredHour(month.next.hours.lowerBound, tx.db)
        }
    }
}
