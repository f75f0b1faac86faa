package import GatewayDomain

/// What was used in each hour, and in each day where the hours are over. Every statement that counts is here.
package enum Usage {
    /// Whose counts, by the number of a meter.
    package enum Subject: Sendable {
        case peer(Int64)
        case gateway(Int64)
    }

    /// - Parameter rolledUp: the hour before which days are counted (`rolledUpHour`).
    package static func add(
        _ entry: HourlyUsage.Entry,
        to subject: Subject,
        rolledUp: UsageHour = UsageHour(number: 0),
        _ db: any SQLConnection
    ) throws(StoreError) {
        let isDay = entry.hour < rolledUp
        switch subject {
        case .peer(let number):
            try add(entry, of: number, to: isDay ? .peerDay : .peerHour, db)
        case .gateway(let number) where isDay:
            try add(entry, of: number, to: .gatewayDay, db)
        case .gateway(let number):
            try add(entry, of: number, to: .gatewayHour, db)
            try add(entry, of: number, to: .gatewayRecentDay, db)
        }
    }

    private static func add(
        _ entry: HourlyUsage.Entry,
        of subject: Int64,
        to table: Table,
        _ db: any SQLConnection
    ) throws(StoreError) {
        let counts = entry.counts.bounded
        try db.send(
            """
            INSERT INTO \(table.name) (\(table.subject), \(table.time), kind, \(columns))
            VALUES (\(subject), \(entry.hour.number / table.hours), \(entry.kind), \(counts.rxPackets),
                \(counts.rxBytes), \(counts.txPackets), \(counts.txBytes))
            ON CONFLICT (\(table.subject), \(table.time), kind) DO UPDATE SET
                \(sums(table.name, hours: table.hours))
            """
        )
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
