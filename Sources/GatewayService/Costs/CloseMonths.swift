import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// How long after its end a month is open for what nodes report late.
    package static let daysUntilClosing: Int64 = 3

    /// Stores what months cost that ended some days ago. From then on, usage of such a month is charged for in the month in which it
    /// comes, so that what is stored stays true.
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
        guard stored < end, let begin else { return }
        try await change { tx in
            if let lease { try tx.require(lease) }
            if try Usage.closedHour(tx.db) < end { try Usage.setClosedHour(end, tx.db) }
        }
        var month = CalendarMonth(of: max(stored.start, begin))
        while month < open {
            let closing = month
            for organization in organizations {
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
            }
            month = month.next
        }
        try await change { tx in
            if let lease { try tx.require(lease) }
            try CostLines.setStoredHour(end, tx.db)
        }
    }
}
