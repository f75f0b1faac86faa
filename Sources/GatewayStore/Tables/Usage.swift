package import GatewayDomain

/// What was used in each hour, and in each day where the hours are over. Every statement that counts is here.
package enum Usage {
    /// Whose counts, by the numbers of meters.
    package enum Subjects: Sendable {
        case peers, gateways
    }

    /// - Parameters:
    ///   - usages: of each number once.
    ///   - rolledUp: the hour before which days are counted (`rolledUpHour`).
    package static func add(
        _ usages: [(number: Int64, usage: HourlyUsage)],
        of subjects: Subjects,
        rolledUp: UsageHour,
        _ db: any SQLConnection
    ) throws(StoreError) {
        let isOfPeers = subjects == .peers
        let usages = usages.map { (number: $0.number, usage: $0.usage.bounded) }
        let rows = usages.flatMap { one in one.usage.entries.map { (one.number, $0) } }
        try add(rows.filter { $0.1.hour >= rolledUp }, to: isOfPeers ? .peerHour : .gatewayHour, db)
        let days = usages.flatMap { one in one.usage.inDays.entries.map { (one.number, $0) } }
        try add(days.filter { $0.1.hour < rolledUp }, to: isOfPeers ? .peerDay : .gatewayDay, db)
        if isOfPeers { return }
        try add(days.filter { $0.1.hour >= rolledUp }, to: .gatewayRecentDay, db)
    }

    /// A report may bring many, and a statement costs more than a row.
    private static func add(
        _ rows: [(number: Int64, entry: HourlyUsage.Entry)],
        to table: Table,
        _ db: any SQLConnection
    ) throws(StoreError) {
        var rest = rows[...]
        while !rest.isEmpty {
            var values: SQL = ""
            for (index, (number, entry)) in rest.prefix(50).enumerated() {
                let counts = entry.counts
                if index > 0 { values.append(", ") }
                values.append(
                    """
                    (\(number), \(entry.hour.number / table.hours), \(entry.kind), \(counts.rxPackets),
                        \(counts.rxBytes), \(counts.txPackets), \(counts.txBytes))
                    """
                )
            }
            rest = rest.dropFirst(50)
            let sql: SQL = """
                INSERT INTO \(table.name) (\(table.subject), \(table.time), kind, \(columns))
                VALUES \(values)
                ON CONFLICT (\(table.subject), \(table.time), kind) DO UPDATE SET
                    \(sums(table.name, hours: table.hours))
                """
            try db.send(sql.notKept)
        }
    }

    struct Table: Sendable {
        let name: SQL
        let subject: SQL
        let time: SQL
        /// In one row.
        let hours: Int64

        static let peerHour = Table(
            name: "usage_peer_hour",
            subject: "peer",
            time: "hour",
            hours: 1
        )
        static let peerDay = Table(
            name: "usage_peer_day",
            subject: "peer",
            time: "day",
            hours: UsageHour.inDay
        )
        static let gatewayHour = Table(
            name: "usage_gateway_hour",
            subject: "gateway",
            time: "hour",
            hours: 1
        )
        /// Sums of the hours that are there.
        static let gatewayRecentDay = Table(
            name: "usage_gateway_recent_day",
            subject: "gateway",
            time: "day",
            hours: UsageHour.inDay
        )
        /// What is rolled up.
        static let gatewayDay = Table(
            name: "usage_gateway_day",
            subject: "gateway",
            time: "day",
            hours: UsageHour.inDay
        )
    }

    static let columns: SQL = "rx_packets, rx_bytes, tx_packets, tx_bytes"

    /// What a row of the table becomes to which another one is added.
    static func sums(_ table: SQL, hours: Int64 = 1) -> SQL {
        func sum(_ column: SQL) -> SQL {
            """
            \(column) = \(SQL.least)(\(table).\(column) + excluded.\(column),
                \(UsageCounts.most * UInt64(hours)))
            """
        }
        return """
            \(sum("rx_packets")), \(sum("rx_bytes")), \(sum("tx_packets")), \(sum("tx_bytes"))
            """
    }

    /// Exact below 2^62, and about that for all above: neither engine has a sum that does not fail where it is too large, and nodes could
    /// make it so for all organizations. Halves of a count are small enough for more rows than there will ever be.
    static func boundedSum(_ column: SQL) -> SQL {
        let bits: Int64 = 20
        let unit = Int64(1) << bits
        let high: SQL = "\(SQL.least)(sum(\(column) / \(unit)), \((Int64(1) << 62) / unit))"
        return "CAST(\(high) * \(unit) + sum(\(column) % \(unit)) AS BIGINT)"
    }
}

extension HourlyUsage {
    /// Before hours become days, which have room for the most of each.
    fileprivate var bounded: HourlyUsage {
        HourlyUsage(
            entries.map { Entry(hour: $0.hour, kind: $0.kind, counts: $0.counts.bounded) }
        )
    }

    fileprivate var inDays: HourlyUsage {
        moved { UsageHour(number: $0.number / UsageHour.inDay * UsageHour.inDay) }
    }
}

extension UsageHour: SQLColumn {
    package var sqlValue: SQLValue { .integer(number) }

    package init?(sqlValue: SQLValue) {
        guard case .integer(let number) = sqlValue else { return nil }
        self.init(number: number)
        guard Self.ofCalendars.contains(self) else { return nil }
    }

    package static var substitute: UsageHour { UsageHour(number: 0) }
}

/// A small number: there are more counts than anything else.
extension UsageKind: SQLColumn {
    package var sqlValue: SQLValue {
        switch self {
        case .hairpin: .integer(1)
        case .link: .integer(2)
        case .services: .integer(3)
        case .internet: .integer(4)
        }
    }

    package init?(sqlValue: SQLValue) {
        guard let kind = Self.allCases.first(where: { $0.sqlValue == sqlValue }) else { return nil }
        self = kind
    }

    package static var substitute: UsageKind { .internet }
}
