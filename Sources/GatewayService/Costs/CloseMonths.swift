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
            let closing = month
            var failure: (any Error)?
            for organization in organizations {
                do {
                    try await change { tx in
                        if let lease { try tx.require(lease) }
                        let costs = try Costs(
                            of: organization,
                            in: closing,
                            by: settings.prices,
                            isClosed: true,
                            at: now,
                            tx.db
                        )
                        try CostLines.put(costs, tx.db)
                    }
                } catch {
                    failure = failure ?? error
                }
            }
            if let failure { throw failure }
            month = month.next
        }
        try await change { tx in
            if let lease { try tx.require(lease) }
            try CostLines.setStoredHour(end, tx.db)
        }
    }
}
