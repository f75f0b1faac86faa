import Foundation
package import GatewayStore
import PostgreSQLTestSupport
import Synchronization

/// A store of one test's own, on the engine that this run is for.
package enum TestStore {
    /// Whether stores are on PostgreSQL instead of SQLite.
    package static let isOnPostgreSQL =
        ProcessInfo.processInfo.environment["WGW_TEST_DATABASE"] == "postgres"

    private static let made = Mutex<[Made]>([])

    private struct Made {
        private struct Reference {
            weak var store: Store?
        }

        private let references: [Reference]
        let database: String

        init(stores: [Store], database: String) {
            references = stores.map { Reference(store: $0) }
            self.database = database
        }

        var isGone: Bool { references.allSatisfy { $0.store == nil } }
    }

    package static func make() async throws -> Store {
        isOnPostgreSQL ? try onPostgreSQL(servers: 1)[0] : try .inMemory()
    }

    /// The stores of several servers on one new database.
    package static func onPostgreSQL(servers count: Int) throws -> [Store] {
        let abandoned = made.withLock { made in
            let gone = made.filter { $0.isGone }.map(\.database)
            made.removeAll { $0.isGone }
            return gone
        }
        let database = try TestDatabases.shared.make(removing: abandoned) { cluster, name in
            try Store(postgreSQL: cluster.url(database: name)).end()
            try cluster.execute([embeddedNode], database: name)
        }
        let stores = try (0..<count).map { _ in try Store(postgreSQL: database.url) }
        made.withLock { $0.append(Made(stores: stores, database: database.name)) }
        return stores
    }

    /// Many tests make gateways on the node that every database of SQLite begins with.
    private static let embeddedNode = """
        INSERT INTO node (id, name, region_codes, endpoint_address, ports, is_embedded, is_draining,
            presence, presence_since, created_at, updated_at, created_revision)
        SELECT gen_random_uuid(), 'embedded', '', '127.0.0.1', '1-65535', 1, 0,
            'connected', at, at, at, 0
        FROM (SELECT CAST(extract(epoch FROM now()) AS BIGINT) * 1000000 AS at) AS clock
        """
}
