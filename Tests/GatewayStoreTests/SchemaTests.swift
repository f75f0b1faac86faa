import Foundation
import Testing

@testable import GatewayStore

struct SchemaTests {
    @Test("after all migrations the database's schema is that of the golden file schema.sql")
    func golden() async throws {
        let store = try Store.inMemory()
        let actual = try await store.read { db in
            try db.rows(
                """
                SELECT sql FROM sqlite_schema
                WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name
                """
            ).map { row -> String in try row.value("sql") + ";\n" }.joined(separator: "\n")
        }
        let expected = try String(contentsOfFile: Self.path, encoding: .utf8)
        if actual != expected {
            try actual.write(toFile: Self.actualPath, atomically: true, encoding: .utf8)
        }
        #expect(actual == expected, "if it was meant: cp \(Self.actualPath) \(Self.path)")
    }

    @Test("migrations of both engines run in the order of the dates in their ids")
    func migrationDates() {
        let dates = Migrations.sinceThen.map { $0.id.prefix(10) }
        #expect(dates == dates.sorted())
    }

    @Test("every table but the installation's own has a column of the organization")
    func organizations() async throws {
        let store = try Store.inMemory()
        let without = try await store.read { db in
            try db.rows(
                """
                SELECT name FROM sqlite_master AS object
                WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND NOT EXISTS (
                    SELECT 1 FROM pragma_table_info(object.name) AS info
                    WHERE info.name = 'organization_id')
                ORDER BY name
                """
            ).map { row -> String in try row.value("name") }
        }
        #expect(
            without == [
                "backbone_lane", "gateway_former_node", "installation", "journal_position", "lease",
                "metered_peer", "migration", "node", "node_credential", "node_report",
                "node_stream",
                "organization", "private_service", "region", "relayed_report", "usage_correction",
                "usage_gateway_day", "usage_gateway_hour", "usage_gateway_recent_day",
                "usage_peer_day", "usage_peer_hour",
                "webhook_delivery", "webhook_event",
            ]
        )
    }

    private static let actualPath = FileManager.default.temporaryDirectory
        .appending(path: "wgw-schema.sql").path

    private static let path = String(
        #filePath.dropLast("SchemaTests.swift".count) + "Golden/schema.sql"
    )
}
