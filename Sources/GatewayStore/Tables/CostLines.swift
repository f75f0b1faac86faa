package import GatewayDomain

/// Every statement about what was charged for, and about the lives of gateways.
package enum CostLines {
    private static let storedKey = "costs_stored"

    /// Before this hour, the first of a month, the lines of all organizations are stored.
    package static func storedHour(_ db: any SQLConnection) throws(StoreError) -> UsageHour {
        try Installation.hour(storedKey, db)
    }

    package static func setStoredHour(
        _ hour: UsageHour,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try Installation.set(hour, for: storedKey, db)
    }

    /// Of a gateway, deleted ones among them.
    package struct Life: Sendable {
        package let gatewayID: GatewayID
        package let name: String?
        package let openedAt: Timestamp
        package let closedAt: Timestamp?
    }

    /// Of the gateways that were there in some of the time, the oldest first.
    package static func lives(
        of organization: OrganizationID,
        in hours: Range<UsageHour>,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Life] {
        try db.readable(
            """
            SELECT gateway_id, opened_at, closed_at,
                CASE WHEN closed_at IS NULL
                    THEN (SELECT name FROM gateway WHERE gateway.id = metered_gateway.gateway_id)
                    ELSE name END AS last_name
            FROM metered_gateway
            WHERE organization_id = \(organization) AND opened_at < \(hours.upperBound.start)
                AND (closed_at IS NULL OR closed_at >= \(hours.lowerBound.start))
            ORDER BY number
            """,
            in: "metered_gateway",
            id: "gateway_id"
        ) { row throws(StoreError) in
            Life(
                gatewayID: try row.value("gateway_id"),
                name: try row.optional("last_name"),
                openedAt: try row.value("opened_at"),
                closedAt: try row.optional("closed_at")
            )
        }
    }

    /// Those that ever had a gateway, in an order that stays.
    package static func organizations(
        _ db: any SQLConnection
    ) throws(StoreError) -> [OrganizationID] {
        try db.readable(
            "SELECT DISTINCT organization_id FROM metered_gateway ORDER BY organization_id",
            in: "metered_gateway",
            id: "organization_id"
        ) { row throws(StoreError) in try row.value("organization_id") }
    }

    /// When the first gateway was made.
    package static func begin(_ db: any SQLConnection) throws(StoreError) -> Timestamp? {
        try db.row("SELECT min(opened_at) AS value FROM metered_gateway")?.optional("value")
    }

    /// In the place of those that are there, which a server has stored that was stopped meanwhile.
    package static func put(_ costs: Costs, _ db: any SQLConnection) throws(StoreError) {
        try db.execute(
            """
            DELETE FROM cost_line
            WHERE organization_id = \(costs.organizationID) AND month = \(costs.month)
            """
        )
        for (position, line) in costs.lines.enumerated() {
            try db.execute(
                """
                INSERT INTO cost_line (organization_id, month, position, item, gateway_id, gateway_name,
                    kind, used_month, quantity, price, amount, currency)
                VALUES (\(costs.organizationID), \(costs.month), \(position), \(line.item),
                    \(line.gatewayID), \(line.gatewayName), \(line.kind), \(line.month),
                    \(line.quantity), \(line.price.millionths), \(line.amount.cents), \(costs.currency))
                """
            )
        }
    }

    /// Nil where nothing was charged for.
    package static func find(
        of organization: OrganizationID,
        in month: CalendarMonth,
        _ db: any SQLConnection
    ) throws(StoreError) -> Costs? {
        let lines = try db.readable(
            """
            SELECT position, item, gateway_id, gateway_name, kind, used_month, quantity, price, amount,
                currency
            FROM cost_line WHERE organization_id = \(organization) AND month = \(month)
            ORDER BY position
            """,
            in: "cost_line",
            id: "position"
        ) { row throws(StoreError) in
            (currency: try row.value("currency") as String, line: try line(row))
        }
        guard let first = lines.first else { return nil }
        return Costs(
            organizationID: organization,
            month: month,
            currency: first.currency,
            isClosed: true,
            lines: lines.map(\.line)
        )
    }

    private static func line(_ row: Row) throws(StoreError) -> CostLine {
        CostLine(
            try row.value("item"),
            gatewayID: try row.optional("gateway_id"),
            gatewayName: try row.optional("gateway_name"),
            kind: try row.optional("kind"),
            month: try row.value("used_month"),
            quantity: try row.value("quantity"),
            price: Price(millionths: try row.value("price")),
            amount: Amount(cents: try row.value("amount"))
        )
    }
}

extension CostItem: SQLColumn {
    package static var substitute: CostItem { .correction }
}

/// Its first hour.
extension CalendarMonth: SQLColumn {
    package var sqlValue: SQLValue { hours.lowerBound.sqlValue }

    package init?(sqlValue: SQLValue) {
        guard let hour = UsageHour(sqlValue: sqlValue) else { return nil }
        self.init(of: hour.start)
    }

    package static var substitute: CalendarMonth { CalendarMonth(of: .substitute) }
}
