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
        let counts = entry.counts.bounded
        let values: SQL = """
            \(entry.kind), \(counts.rxPackets), \(counts.rxBytes), \(counts.txPackets), \(counts.txBytes)
            """
        let isDay = entry.hour < rolledUp
        let time = isDay ? entry.hour.number / UsageHour.inDay : entry.hour.number
        switch (subject, isDay) {
        case (.peer(let number), false):
            try db.send(
                """
                INSERT INTO usage_peer_hour (hour, peer, kind, \(columns))
                VALUES (\(time), \(number), \(values))
                ON CONFLICT (hour, peer, kind) DO UPDATE SET \(sums("usage_peer_hour"))
                """
            )
        case (.peer(let number), true):
            try db.send(
                """
                INSERT INTO usage_peer_day (day, peer, kind, \(columns))
                VALUES (\(time), \(number), \(values))
                ON CONFLICT (day, peer, kind) DO UPDATE SET \(sums("usage_peer_day"))
                """
            )
        case (.gateway(let number), false):
            try db.send(
                """
                INSERT INTO usage_gateway_hour (gateway, hour, kind, \(columns))
                VALUES (\(number), \(time), \(values))
                ON CONFLICT (gateway, hour, kind) DO UPDATE SET \(sums("usage_gateway_hour"))
                """
            )
        case (.gateway(let number), true):
            try db.send(
                """
                INSERT INTO usage_gateway_day (gateway, day, kind, \(columns))
                VALUES (\(number), \(time), \(values))
                ON CONFLICT (gateway, day, kind) DO UPDATE SET \(sums("usage_gateway_day"))
                """
            )
        }
    }

    static let columns: SQL = "rx_packets, rx_bytes, tx_packets, tx_bytes"

    static func sums(_ table: SQL) -> SQL {
        """
        rx_packets = \(sum("\(table).rx_packets", "excluded.rx_packets")),
        rx_bytes = \(sum("\(table).rx_bytes", "excluded.rx_bytes")),
        tx_packets = \(sum("\(table).tx_packets", "excluded.tx_packets")),
        tx_bytes = \(sum("\(table).tx_bytes", "excluded.tx_bytes"))
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

    private static func sum(_ one: SQL, _ other: SQL) -> SQL {
        "\(SQL.least)(\(one) + \(other), \(UsageCounts.most))"
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
