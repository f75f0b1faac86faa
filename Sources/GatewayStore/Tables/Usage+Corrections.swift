package import GatewayDomain

/// Usage that comes when its month is closed. It is counted in its hour as all is; a second row says where it is charged for.
extension Usage {
    private static let closedKey = "usage_closed"

    /// What is before this hour, the first of a month, is closed.
    package static func closedHour(_ db: any SQLConnection) throws(StoreError) -> UsageHour {
        try Installation.hour(closedKey, db)
    }

    package static func setClosedHour(
        _ hour: UsageHour,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try Installation.set(hour, for: closedKey, db)
    }

    /// - Parameter hour: in which it was counted, of a month that is open.
    package static func addCorrection(
        _ entry: HourlyUsage.Entry,
        of gateway: Int64,
        countedIn hour: UsageHour,
        _ db: any SQLConnection
    ) throws(StoreError) {
        let counts = entry.counts.bounded
        try db.send(
            """
            INSERT INTO usage_correction (gateway, counted_hour, hour, kind, \(columns))
            VALUES (\(gateway), \(hour), \(entry.hour), \(entry.kind), \(counts.rxPackets),
                \(counts.rxBytes), \(counts.txPackets), \(counts.txBytes))
            ON CONFLICT (gateway, counted_hour, hour, kind) DO UPDATE SET \(sums("usage_correction"))
            """
        )
    }

    package struct Correction: Sendable {
        /// Of which it is usage.
        package var month: CalendarMonth
        package let kind: UsageKind
        package var counts: UsageCounts
    }

    /// What was counted in these hours of months that were closed, the oldest month first.
    package static func corrections(
        of organization: OrganizationID,
        countedIn hours: Range<UsageHour>,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Correction] {
        try corrections(of: organization, where: "counted_hour", in: hours, db)
    }

    /// What of the usage of these hours is charged for in a later month.
    package static func corrections(
        of organization: OrganizationID,
        usedIn hours: Range<UsageHour>,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Correction] {
        try corrections(of: organization, where: "hour", in: hours, db)
    }

    private static func corrections(
        of organization: OrganizationID,
        where column: SQL,
        in hours: Range<UsageHour>,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Correction] {
        let rows = try db.readable(
            """
            SELECT hour, kind, \(columns)
            FROM metered_gateway \(SQL.joinInThisOrder) usage_correction
                ON usage_correction.gateway = metered_gateway.number
            WHERE organization_id = \(organization)
                AND \(column) >= \(hours.lowerBound) AND \(column) < \(hours.upperBound)
            ORDER BY hour, kind
            """,
            in: "usage_correction",
            id: "hour"
        ) { row throws(StoreError) in
            let hour: UsageHour = try row.value("hour")
            return Correction(
                month: CalendarMonth(of: hour.start),
                kind: try row.value("kind"),
                counts: try counts(row)
            )
        }
        var corrections: [Correction] = []
        for row in rows {
            let index = corrections.firstIndex { $0.month == row.month && $0.kind == row.kind }
            if let index {
                corrections[index].counts += row.counts
            } else {
                corrections.append(row)
            }
        }
        return corrections
    }

    static func counts(_ row: Row) throws(StoreError) -> UsageCounts {
        UsageCounts(
            rxPackets: try row.value("rx_packets"),
            rxBytes: try row.value("rx_bytes"),
            txPackets: try row.value("tx_packets"),
            txBytes: try row.value("tx_bytes")
        )
    }
}

extension Installation {
    /// The first hour of all where none is stored.
    static func hour(_ key: String, _ db: any SQLConnection) throws(StoreError) -> UsageHour {
        let text = String(decoding: try value(of: key, db) ?? [], as: UTF8.self)
        return UsageHour(number: Int64(text) ?? 0)
    }

    static func set(
        _ hour: UsageHour,
        for key: String,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try set(Array("\(hour.number)".utf8), for: key, db)
    }
}
