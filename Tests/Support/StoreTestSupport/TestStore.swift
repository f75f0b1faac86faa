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
        let database = try TestDatabases.shared.make(removing: abandoned) {
            _ = try open($0)
        }
        let store = try open(database.url)
        made.withLock { $0.append(Made(store: store, database: database.name)) }
        return store
    }

    private static func open(_ url: String) throws -> Store {
        throw Command.Failure(description: "the store has no PostgreSQL yet: \(url)")
    }
}
