package import GatewayDomain

/// Sums of usage, told apart as a caller likes. Those without peers are summed up of the gateways' counts, which are
/// fewer by far, and of whole days where hours are not told apart.
extension Usage {
    /// A part of the sums, and how many there are.
    ///
    /// - Parameter scope: nil for all organizations.
    package static func sums(
        _ filter: UsageFilter,
        in scope: Scope?,
        limit: Int,
        offset: Int = 0,
        _ db: any SQLConnection
    ) throws(StoreError) -> (page: [UsageRow], total: Int) {
        let sql: SQL = """
            WITH RECURSIVE \(sources(filter, in: scope)),
            sums AS (\(groups(filter))),
            page AS (SELECT sums.*, count(*) OVER () AS total FROM sums
                ORDER BY \(order("")) LIMIT \(limit) OFFSET \(offset))
            SELECT page.*, metered_gateway.gateway_id, metered_peer.peer_id,
                CASE WHEN metered_gateway.closed_at IS NULL
                    THEN (SELECT name FROM gateway WHERE gateway.id = metered_gateway.gateway_id)
                    ELSE metered_gateway.name END AS gateway_name,
                CASE WHEN metered_peer.deleted_at IS NULL
                    THEN (SELECT name FROM peer WHERE peer.id = metered_peer.peer_id)
                    ELSE metered_peer.name END AS peer_name
            FROM page LEFT JOIN metered_gateway ON metered_gateway.number = page.gateway
                LEFT JOIN metered_peer ON metered_peer.number = page.peer
            ORDER BY \(order("page."))
            """
        var total: Int?
        let page = try db.readable(sql.notKept, in: "metered_gateway", id: "gateway_id") {
            row throws(StoreError) in
            total = try row.value("total")
            return try sum(row, filter)
        }
        if let total { return (page, total) }
        return (page, offset > 0 ? try countSums(filter, in: scope, db) : 0)
    }

    package static func countSums(
        _ filter: UsageFilter,
        in scope: Scope?,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        let sql: SQL = """
            WITH RECURSIVE \(sources(filter, in: scope))
            SELECT count(*) AS value FROM (\(groups(filter))) AS sums
            """
        return try db.number(sql.notKept)
    }

    /// Whether something with this id was metered that is in the scope.
    package static func knows(
        _ filter: UsageFilter,
        in scope: Scope?,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        try db.row(
            """
            SELECT 1 AS value FROM metered_gateway WHERE \(condition(filter, in: scope)) LIMIT 1
            """
        ) != nil
    }

    private static func hasPeers(_ filter: UsageFilter) -> Bool {
        filter.peerID != nil || filter.groups.contains(.peer)
    }

    /// `counted`: a row for each count that is asked for, of an hour or of a day.
    private static func sources(_ filter: UsageFilter, in scope: Scope?) -> SQL {
        guard hasPeers(filter) else {
            return """
                subject AS (SELECT number, number AS gateway, organization_id, network_id
                    FROM metered_gateway WHERE \(condition(filter, in: scope))),
                counted AS (\(gatewayCounts(filter)))
                """
        }
        let (start, end) = (filter.hours.lowerBound, filter.hours.upperBound)
        let days = days(in: filter.hours)
        var peer: SQL = "1 = 1"
        if let id = filter.peerID { peer = "metered_peer.peer_id = \(id)" }
        // Times come first in the keys of these: each is looked for with each peer.
        return """
            subject AS (SELECT metered_peer.number, metered_gateway.number AS gateway,
                    organization_id, network_id
                FROM metered_gateway JOIN metered_peer
                    ON metered_peer.gateway = metered_gateway.number
                WHERE has_usage = 1 AND \(condition(filter, in: scope)) AND \(peer)),
            asked_hour (value) AS (\(numbers(from: start, to: end, "hour", "usage_peer_hour"))),
            asked_day (value) AS (
                \(numbers(from: days.lowerBound, to: days.upperBound, "day", "usage_peer_day"))),
            counted AS (
                SELECT subject.*, hour, CAST(1 AS BIGINT) AS hours, kind, \(columns)
                FROM asked_hour \(SQL.joinInThisOrder) subject ON 1 = 1
                    \(SQL.joinInThisOrder) usage_peer_hour
                    ON usage_peer_hour.hour = asked_hour.value AND usage_peer_hour.peer = subject.number
                UNION ALL SELECT subject.*, day * 24, CAST(24 AS BIGINT), kind, \(columns)
                FROM asked_day \(SQL.joinInThisOrder) subject ON 1 = 1
                    \(SQL.joinInThisOrder) usage_peer_day
                    ON usage_peer_day.day = asked_day.value AND usage_peer_day.peer = subject.number)
            """
    }

    /// Whole days come from the sums of their hours, which are a row for each, and other hours by themselves.
    private static func gatewayCounts(_ filter: UsageFilter) -> SQL {
        let hours = filter.hours
        let days = days(in: hours)
        let wholeDays = days.lowerBound..<max(day(of: hours.upperBound), days.lowerBound)
        if filter.groups.contains(.hour) || wholeDays.isEmpty {
            return "\(counts(in: hours)) UNION ALL \(counts("usage_gateway_day", in: days))"
        }
        let first = UsageHour(number: wholeDays.lowerBound * UsageHour.inDay)
        let last = UsageHour(number: wholeDays.upperBound * UsageHour.inDay)
        return """
            \(counts("usage_gateway_day", in: days))
            UNION ALL \(counts("usage_gateway_recent_day", in: wholeDays))
            UNION ALL \(counts(in: hours.lowerBound..<first))
            UNION ALL \(counts(in: last..<hours.upperBound))
            """
    }

    private static func counts(in hours: Range<UsageHour>) -> SQL {
        """
        SELECT subject.*, hour, CAST(1 AS BIGINT) AS hours, kind, \(columns)
        FROM subject \(SQL.joinInThisOrder) usage_gateway_hour
            ON usage_gateway_hour.gateway = subject.number
        WHERE hour >= \(hours.lowerBound) AND hour < \(hours.upperBound)
        """
    }

    private static func counts(_ table: SQL, in days: Range<Int64>) -> SQL {
        """
        SELECT subject.*, day * 24 AS hour, CAST(24 AS BIGINT) AS hours, kind, \(columns)
        FROM subject \(SQL.joinInThisOrder) \(table) ON \(table).gateway = subject.number
        WHERE day >= \(days.lowerBound) AND day < \(days.upperBound)
        """
    }

    /// A day whose hours are not kept apart any more belongs to where it begins.
    private static func days(in hours: Range<UsageHour>) -> Range<Int64> {
        let first = day(of: hours.lowerBound.advanced(by: UsageHour.inDay - 1))
        return first..<max(day(of: hours.upperBound.advanced(by: UsageHour.inDay - 1)), first)
    }

    private static func day(of hour: UsageHour) -> Int64 {
        (hour.number - (hour.number < 0 ? UsageHour.inDay - 1 : 0)) / UsageHour.inDay
    }

    /// The numbers of the hours or days of which there are counts.
    private static func numbers(
        from start: some SQLColumn,
        to end: some SQLColumn,
        _ column: SQL,
        _ table: SQL
    ) -> SQL {
        let first: SQL =
            "\(SQL.greatest)(\(start), (SELECT coalesce(min(\(column)), \(end)) FROM \(table)))"
        let last: SQL =
            "\(SQL.least)(\(end), (SELECT coalesce(max(\(column)), 0) + 1 FROM \(table)))"
        return """
            SELECT first FROM (SELECT \(first) AS first, \(last) AS last) AS bounds WHERE first < last
            UNION ALL SELECT value + 1 FROM asked_\(column) WHERE value + 1 < \(last)
            """
    }

    private static func condition(_ filter: UsageFilter, in scope: Scope?) -> SQL {
        var condition: SQL = "1 = 1"
        if let scope {
            condition.append(
                " AND \(SQL.isIn(scope, organization: "metered_gateway.organization_id", network: "metered_gateway.network_id"))"
            )
        }
        if let id = filter.networkID { condition.append(" AND metered_gateway.network_id = \(id)") }
        if let id = filter.gatewayID { condition.append(" AND metered_gateway.gateway_id = \(id)") }
        if let id = filter.peerID {
            condition.append(
                """
                 AND EXISTS (SELECT 1 FROM metered_peer AS asked
                    WHERE asked.gateway = metered_gateway.number AND asked.peer_id = \(id))
                """
            )
        }
        return condition
    }

    private static func groups(_ filter: UsageFilter) -> SQL {
        let columns = groupColumns(filter.groups)
        let values = columns.map { column -> SQL in
            "\(column.value ?? "CAST(NULL AS BIGINT)") AS \(column.name)"
        }
        let names = columns.compactMap(\.value)
        let grouping: SQL = names.isEmpty ? "" : "GROUP BY \(joined(names))"
        let sums: SQL = """
            SELECT \(joined(values)), \(total("rx_packets")), \(total("rx_bytes")), \(total("tx_packets")),
                \(total("tx_bytes"))
            FROM counted \(grouping)
            """
        guard hasGateways(filter.groups) else { return sums }
        return """
            SELECT grouped.*, organization_id, network_id
            FROM (\(sums)) AS grouped JOIN metered_gateway ON metered_gateway.number = grouped.gateway
            """
    }

    private static func joined(_ parts: [SQL]) -> SQL {
        var list: SQL = ""
        for (index, part) in parts.enumerated() {
            if index > 0 { list.append(", ") }
            list.append(part)
        }
        return list
    }

    private static func total(_ column: SQL) -> SQL {
        "coalesce(\(boundedSum(column)), 0) AS \(column)"
    }

    private static func order(_ page: SQL) -> SQL {
        """
        \(page)period, \(page)organization_id, \(page)network_id, \(page)gateway, \(page)peer, \(page)kind, \(page)hours
        """
    }

    private static func hasGateways(_ groups: Set<UsageGrouping>) -> Bool {
        !groups.isDisjoint(with: [.gateway, .peer])
    }

    /// What sums are told apart by; nil for what they are not. With a peer, its gateway is known, and so on.
    private static func groupColumns(_ groups: Set<UsageGrouping>) -> [(name: SQL, value: SQL?)] {
        func value(_ sql: SQL, by names: UsageGrouping...) -> SQL? {
            groups.isDisjoint(with: names) ? nil : sql
        }
        let period =
            value("hour", by: .hour) ?? value("hour / 24", by: .day) ?? value(month, by: .month)
        // Those of a gateway are found by it: to sort counts takes time by their length.
        var columns: [(name: SQL, value: SQL?)] = []
        if !hasGateways(groups) {
            columns = [
                ("organization_id", value("organization_id", by: .organization, .network)),
                ("network_id", value("network_id", by: .network)),
            ]
        }
        return columns + [
            ("gateway", value("gateway", by: .gateway, .peer)),
            ("peer", value("number", by: .peer)),
            ("kind", value("kind", by: .kind)), ("period", period),
            ("hours", value("hours", by: .hour)),
        ]
    }

    private static let month = SQL.spelled(
        sqlite: "strftime('%Y-%m', hour * 3600, 'unixepoch')",
        postgreSQL: "to_char(to_timestamp(hour * 3600) AT TIME ZONE 'UTC', 'YYYY-MM')"
    )

    private static func sum(_ row: Row, _ filter: UsageFilter) throws(StoreError) -> UsageRow {
        var sum = UsageRow(
            hours: try hours(row, filter),
            counts: try counts(row)
        )
        sum.organizationID = try row.optional("organization_id")
        sum.networkID = try row.optional("network_id")
        sum.gatewayID = try row.optional("gateway_id")
        sum.gatewayName = try row.optional("gateway_name")
        sum.peerID = try row.optional("peer_id")
        sum.peerName = try row.optional("peer_name")
        sum.kind = try row.optional("kind")
        return sum
    }

    private static func hours(
        _ row: Row,
        _ filter: UsageFilter
    ) throws(StoreError) -> Range<UsageHour> {
        if filter.groups.contains(.hour) {
            let first: UsageHour = try row.value("period")
            return first..<first.advanced(by: try row.value("hours"))
        }
        if filter.groups.contains(.day) {
            let day: Int64 = try row.value("period")
            let first = UsageHour(number: day * UsageHour.inDay)
            return first..<first.advanced(by: UsageHour.inDay)
        }
        if filter.groups.contains(.month) {
            guard let month = CalendarMonth(try row.value("period")) else {
                throw .unreadableColumn("period")
            }
            return month.hours
        }
        return filter.hours
    }
}
