import GatewayDomain
import PostgreSQLTestSupport
import TestSupport
import Testing

@testable import GatewayStore

/// Hours that were counted before there were sums of their days.
struct RecentDaysTests {
    private static let before = Array(Migrations.all.prefix { $0.id != Migrations.recentDays.id })
    private static let firstHour: Int64 = 20_000 * 24

    @Test("migration sums up the days of hours that are kept apart, on SQLite")
    func sqlite() async throws {
        let directory = try TemporaryDirectory()
        do {
            let old = try Store(directory: directory.path, Self.before)
            try await old.write { try Self.count($0) }
        }
        try await Store(directory: directory.path).read { try Self.check($0) }
    }

    @Test("migration sums up the days of hours that are kept apart, on PostgreSQL")
    func postgreSQL() async throws {
        let cluster = try PostgreSQLCluster()
        let url = try cluster.makeDatabase("wgw")
        let old = try PostgreSQLDatabase(url: url, Self.before, damage: DamagedRows())
        _ = try await old.write({ try Self.count($0) }, committed: nil)
        old.end()
        let store = try Store(postgreSQL: url)
        try await store.read { try Self.check($0) }
        store.end()
    }

    /// Two days that are rolled up, two with hours, and two gateways.
    private static func count(_ db: any SQLConnection) throws {
        for gateway: Int64 in [1, 2] {
            try db.execute(
                """
                INSERT INTO metered_gateway (number, gateway_id, organization_id, network_id, opened_at)
                VALUES (\(gateway), \(GatewayID.random()), \(OrganizationID.random()),
                    \(NetworkID.random()), 0)
                """
            )
            for day: Int64 in [0, 1] {
                try db.execute(
                    """
                    INSERT INTO usage_gateway_day
                        (gateway, day, kind, rx_packets, rx_bytes, tx_packets, tx_bytes)
                    VALUES (\(gateway), \(firstHour / 24 + day), 1, 1, 1, 1, 1)
                    """
                )
            }
            for hour: Int64 in 48..<96 {
                try db.execute(
                    """
                    INSERT INTO usage_gateway_hour
                        (gateway, hour, kind, rx_packets, rx_bytes, tx_packets, tx_bytes)
                    VALUES (\(gateway), \(firstHour + hour), \(1 + hour % 2), \(UsageCounts.most), 10, 100, 1000)
                    """
                )
            }
        }
    }

    private static func check(_ db: any SQLConnection) throws {
        let hours =
            UsageHour(number: firstHour)..<UsageHour(number: firstHour + 96)
        let filter = UsageFilter(hours: hours, groups: [.gateway])
        let sums = try Usage.sums(filter, in: nil, limit: 10, db).page
        let counts = UsageCounts(
            rxPackets: 2 + 48 * UsageCounts.most,
            rxBytes: 2 + 480,
            txPackets: 2 + 4_800,
            txBytes: 2 + 48_000
        )
        #expect(sums.map(\.counts) == [counts, counts])
        let apart = UsageFilter(hours: hours, groups: [.gateway, .hour])
        #expect(try Usage.countSums(apart, in: nil, db) == 2 * (2 + 48))
    }
}
