import Foundation
package import GatewayStore
import PostgreSQLTestSupport
import Synchronization
import TestSupport

/// A store of one test's own, on the engine that this run is for.
package enum TestStore {
    /// Whether stores are on PostgreSQL instead of SQLite.
    package static let isOnPostgreSQL =
        ProcessInfo.processInfo.environment["WGW_TEST_DATABASE"] == "postgres"

    private static let made = Mutex<[Made]>([])

    private struct Made {
        weak var store: Store?
        let database: String
    }

    package static func make() async throws -> Store {
        guard isOnPostgreSQL else { return try .inMemory() }
        let abandoned = made.withLock { made in
            let gone = made.filter { $0.store == nil }.map(\.database)
            made.removeAll { $0.store == nil }
            return gone
        }
        let database = try TestDatabases.shared.make(
            removing: abandoned,
            content: [embeddedNode]
        ) {
            _ = try open($0)
        }
        let store = try open(database.url)
        made.withLock { $0.append(Made(store: store, database: database.name)) }
        return store
    }

    /// The node inside of the server, which SQLite's migrations make. An installation on PostgreSQL has none, and the
    /// rules about nodes are the same.
    private static let embeddedNode = """
        INSERT INTO node (id, name, region_codes, endpoint_address, ports, is_embedded, is_draining,
            presence, presence_since, created_at, updated_at, created_revision)
        SELECT gen_random_uuid()::text, 'embedded', '', '127.0.0.1', '1-65535', 1, 0, 'connected', at, at, at, 0
        FROM (SELECT CAST(extract(epoch FROM now()) AS BIGINT) * 1000000 AS at) AS moment
        """

    private static func open(_ url: String) throws -> Store {
        try Store(postgreSQL: url)
    }
}
