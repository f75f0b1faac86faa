package import Foundation
import Glibc
import TestSupport

/// A PostgreSQL server of a test's own, on a socket in its folder. It is stopped, and its folder removed,
/// with the last reference, and at the latest with the test process.
package final class PostgreSQLCluster: Sendable {
    /// What a test wants of its server beyond that it answers.
    package enum Care: Sendable {
        /// Nothing has to outlive the server: nothing is forced to disk.
        case none
        /// As an operator's: what was acknowledged survives, and replicas can follow.
        case durable
    }

    /// May make databases, roles and everything else.
    package static let superuser = "postgres"
    /// Owns the databases of tests, and has no other right.
    package static let owner = "wgw"

    /// The socket is in here, and the server's log.
    package let folder: URL
    private let care: Care
    private let watchdog: Watchdog

    package convenience init(_ care: Care = .none) throws {
        try self.init(care, inEmptyFolder: ())
        try run(
            [
                "initdb", "--pgdata", data, "--username", Self.superuser, "--encoding", "UTF8",
                "--locale", "C", "--auth", "trust", "--no-sync", "--no-instructions",
            ]
        )
        try start()
        try execute(["CREATE ROLE \(Self.owner) LOGIN"])
    }

    private init(_ care: Care, inEmptyFolder: Void) throws {
        self.care = care
        folder = try Self.makeFolder()
        watchdog = try Watchdog(over: folder.path)
    }

    /// A copy that follows this server, which is `durable`.
    ///
    /// - Parameter isSynchronous: whether this server acknowledges a change when the copy has it, and not
    ///   before.
    package func replica(isSynchronous: Bool) throws -> PostgreSQLCluster {
        let replica = try PostgreSQLCluster(care, inEmptyFolder: ())
        try run(
            [
                "pg_basebackup", "--pgdata", replica.data, "--write-recovery-conf",
                "--checkpoint", "fast", "--no-sync", "--dbname",
                "host=\(folder.path) user=\(Self.superuser) application_name=replica",
            ]
        )
        try replica.start()
        if isSynchronous {
            try execute(
                [
                    "ALTER SYSTEM SET synchronous_standby_names = 'replica'",
                    "SELECT pg_reload_conf()",
                ]
            )
            // It acknowledges nothing of what comes from here on without the copy.
            while try execute(["SHOW synchronous_standby_names"]) != "replica\n" { usleep(10_000) }
        }
        return replica
    }

    /// Lets a copy take changes.
    package func promote() throws { try run(["pg_ctl", "promote", "--wait", "--pgdata", data]) }

    package func start() throws {
        try run(
            [
                "pg_ctl", "start", "--wait", "--silent", "--pgdata", data,
                "--log", folder.appending(path: "log").path, "--options", options,
            ]
        )
    }

    /// Ends it with all of its connections, and what it has acknowledged is on disk.
    package func stop() throws {
        try run(["pg_ctl", "stop", "--wait", "--silent", "--mode", "fast", "--pgdata", data])
    }

    /// Ends it as a power cut would.
    package func kill() throws {
        let id = try processID
        _ = Glibc.kill(id, SIGKILL)
        while Glibc.kill(id, 0) == 0 { usleep(10_000) }
    }

    package var processID: pid_t {
        get throws {
            let file = data + "/postmaster.pid"
            // The folder is the server user's.
            let text = try Command.require("head", "--lines=1", file)
            guard let id = pid_t(text.trimmingCharacters(in: .newlines)) else {
                throw Command.Failure(description: "\(file) names no process: \(text)")
            }
            return id
        }
    }

    /// - Parameter database: where the statements run, one transaction each.
    /// - Returns: the rows, one a line, with columns between bars.
    @discardableResult
    package func execute(_ statements: [String], database: String = "postgres") throws -> String {
        try run(psql(database: database) + statements.flatMap { ["--command", $0] })
    }

    /// The words that start PostgreSQL's own client, as the superuser.
    func psql(database: String) -> [String] {
        [
            "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
            "--set", "ON_ERROR_STOP=1", "--host", folder.path, "--port", "5432",
            "--username", Self.superuser, "--dbname", database,
        ]
    }

    /// An empty database of the owner's. Answers with its URL.
    package func makeDatabase(_ name: String) throws -> String {
        try execute(["CREATE DATABASE \(name) OWNER \(Self.owner)"])
        return url(database: name)
    }

    /// How many tables programs have made in a database.
    package func tables(in database: String) throws -> Int? {
        let count = try execute(
            ["SELECT count(*) FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)'"],
            database: database
        )
        return Int(count.trimmingCharacters(in: .newlines))
    }

    /// From now on the owner gets in with this password alone.
    package func requirePassword(_ password: String) throws {
        try execute(["ALTER ROLE \(Self.owner) PASSWORD '\(password)'"])
        let rules = "local all \(Self.superuser) trust\nlocal all all scram-sha-256\n"
        try Command.require("tee", data + "/pg_hba.conf", input: rules)
        try execute(["SELECT pg_reload_conf()"])
    }

    /// Where a program finds a database of this server, as the owner of tests' databases.
    package func url(database: String) -> String { Self.url(database: database, on: [self]) }

    /// Where it finds the database on the first of several servers that takes changes.
    package static func url(database: String, on clusters: [PostgreSQLCluster]) -> String {
        let hosts = clusters.map(\.folder.path).joined(separator: ",")
        return "postgres://\(owner)@/\(database)?host=\(hosts)"
    }

    private var data: String { folder.appending(path: "data").path }

    private var options: String {
        let settings =
            switch care {
            case .none:
                [
                    "fsync=off", "synchronous_commit=off", "full_page_writes=off",
                    "wal_level=minimal", "max_wal_senders=0", "autovacuum=off",
                ]
            case .durable: ["wal_level=replica", "wal_retrieve_retry_interval=100ms"]
            }
        let common = [
            "listen_addresses=", "unix_socket_directories=\(folder.path)", "port=5432",
            "max_connections=400", "shared_buffers=32MB",
        ]
        return (common + settings).map { "-c \($0)" }.joined(separator: " ")
    }

    /// A program of PostgreSQL's.
    @discardableResult
    private func run(_ words: [String]) throws -> String {
        let program = Self.programs.appending(path: words[0]).path
        return try Self.asServer(["env", "--chdir", folder.path, program] + words.dropFirst())
    }

    /// Those of the newest version that is installed.
    private static let programs: URL = {
        let versions = URL(filePath: "/usr/lib/postgresql")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: versions.path)) ?? []
        return versions.appending(
            path: names.compactMap { Int($0) }.max().map { "\($0)/bin" } ?? ""
        )
    }()

    /// Runs a program as the user of the server.
    @discardableResult
    static func asServer(_ words: [String]) throws -> String {
        let user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        return try Command.require((geteuid() == 0 ? user : []) + words)
    }

    /// Short, as a socket's path has 107 bytes, and the server user's own.
    private static func makeFolder() throws -> URL {
        // The folder for temporary files may be root's alone.
        let parent =
            [FileManager.default.temporaryDirectory.path, "/tmp"]
            .first { (try? asServer(["test", "-x", $0])) != nil } ?? "/tmp"
        let path = try Command.require("mktemp", "--directory", "\(parent)/wgw-pg-XXXXXX")
            .trimmingCharacters(in: .newlines)
        if geteuid() == 0 { try Command.require("chown", "postgres:postgres", path) }
        return URL(filePath: path)
    }
}
