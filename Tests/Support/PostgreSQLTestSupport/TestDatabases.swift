import Synchronization
import TestSupport

/// Databases of one server that are made as copies of a prepared one.
package final class TestDatabases: Sendable {
    /// For all tests of this process.
    package static var shared: TestDatabases { get throws { try made.get() } }
    private static let made = Result { TestDatabases(of: try PostgreSQLCluster()) }

    private static let template = "template"
    private let cluster: PostgreSQLCluster
    private let state = Mutex(State())

    private struct State {
        var maker: DatabaseMaker?
        /// Of databases that are there or under way.
        var count = 0
    }

    private init(of cluster: PostgreSQLCluster) { self.cluster = cluster }

    /// - Parameters:
    ///   - abandoned: names of databases that nobody needs any more.
    ///   - prepare: brings an empty database of that name to what all begin with. Called once.
    /// - Returns: the name and the URL of a new database.
    package func make(
        removing abandoned: [String] = [],
        prepare: (_ cluster: PostgreSQLCluster, _ name: String) throws -> Void
    ) throws -> (name: String, url: String) {
        let number = try state.withLock { state in
            if state.maker == nil {
                try makeTemplate(prepare)
                state.maker = try DatabaseMaker(on: cluster)
                try begin(&state)
            }
            let number = state.count
            try state.maker?.wait(for: Self.name(number))
            try begin(&state, removing: abandoned)
            return number
        }
        return (Self.name(number), cluster.url(database: Self.name(number)))
    }

    private static func name(_ number: Int) -> String { "test_\(number)" }

    private func begin(_ state: inout State, removing abandoned: [String] = []) throws {
        state.count += 1
        let name = Self.name(state.count)
        // Files are copied in a third of the time that it takes to write all pages into the log.
        let making = """
            CREATE DATABASE \(name) OWNER \(PostgreSQLCluster.owner)
            TEMPLATE \(Self.template) STRATEGY FILE_COPY
            """
        let removals = abandoned.map { "DROP DATABASE \($0) WITH (FORCE)" }
        try state.maker?.begin(making, name: name, behind: removals)
    }

    private func makeTemplate(
        _ prepare: (_ cluster: PostgreSQLCluster, _ name: String) throws -> Void
    ) throws {
        try cluster.execute(["CREATE DATABASE \(Self.template) OWNER \(PostgreSQLCluster.owner)"])
        try prepare(cluster, Self.template)
        // A database with a connection cannot be copied.
        try cluster.execute([
            "ALTER DATABASE \(Self.template) ALLOW_CONNECTIONS false",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(Self.template)'",
        ])
    }
}
