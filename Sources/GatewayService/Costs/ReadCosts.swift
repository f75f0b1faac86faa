package import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// - Parameters:
    ///   - month: nil for the present one.
    ///   - isAll: whether those of all organizations are asked for, which is for admins.
    package func listCosts(
        in month: CalendarMonth?,
        ofAll isAll: Bool,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<Costs> {
        try caller.require(.unrestricted(isAll ? .admin : .viewer))
        let now = now()
        let month = month ?? CalendarMonth(of: now)
        return try await store.readAside { db in
            let organizations =
                isAll ? try CostLines.organizations(db) : [caller.organizationID]
            let part = PageOf(page, of: organizations)
            return PageOf(
                elements: try part.elements.map { try costs(of: $0, in: month, at: now, db) },
                page: page,
                totalResults: part.totalResults
            )
        }
    }

    private func costs(
        of organization: OrganizationID,
        in month: CalendarMonth,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws -> Costs {
        if try month.hours.lowerBound < CostLines.storedHour(db) {
            return try CostLines.find(of: organization, in: month, db)
                ?? Costs(
                    organizationID: organization,
                    month: month,
                    currency: settings.prices.currency(in: month),
                    isClosed: true,
                    lines: []
                )
        }
        return try Costs(
            of: organization,
            in: month,
            by: settings.prices,
            isClosed: month.hours.lowerBound < Usage.closedHour(db),
            at: now,
            db
        )
    }
}
