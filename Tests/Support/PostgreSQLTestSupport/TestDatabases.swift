import Synchronization
import TestSupport

/// Databases of one server that are made as copies of a prepared one, in some ten milliseconds.
package final class TestDatabases: Sendable {
    /// For all tests of this process.
    package static var shared: TestDatabases { get throws { try made.get() } }
    private static let made = Result { TestDatabases(of: try PostgreSQLCluster()) }

    private static let template = "template"
    private let cluster: PostgreSQLCluster
    private let state = Mutex((isPrepared: false, count: 0))

    private init(of cluster: PostgreSQLCluster) { self.cluster = cluster }

    /// - Parameters:
    ///   - abandoned: names of databases that nobody needs any more.
    ///   - prepare: brings an empty database, whose URL it gets, to what all begin with. Called once.
    ///   - content: statements that follow once.
    /// - Returns: the name and the URL of a new database.
    package func make(
        removing abandoned: [String] = [],
        content: [String] = [],
        prepare: (String) throws -> Void
    ) throws -> (name: String, url: String) {
        let number = try state.withLock { state in
            if !state.isPrepared { try makeTemplate(content, prepare) }
            state.isPrepared = true
            state.count += 1
            return state.count
        }
        let name = "test_\(number)"
        let removals = abandoned.map { "DROP DATABASE \($0) WITH (FORCE)" }
        try cluster.execute(
            removals + [
                // The other strategy writes every page to the log.
                """
                CREATE DATABASE \(name) OWNER \(PostgreSQLCluster.owner)
                    TEMPLATE \(Self.template) STRATEGY file_copy
                """
            ]
        )
        return (name, cluster.url(database: name))
    }

    private func makeTemplate(
        _ content: [String],
        _ prepare: (String) throws -> Void
    ) throws {
        try cluster.execute(["CREATE DATABASE \(Self.template) OWNER \(PostgreSQLCluster.owner)"])
        try prepare(cluster.url(database: Self.template))
        if !content.isEmpty { try cluster.execute(content, database: Self.template) }
        // A database with a connection cannot be copied.
        try cluster.execute([
            "ALTER DATABASE \(Self.template) ALLOW_CONNECTIONS false",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(Self.template)'",
        ])
    }
}
