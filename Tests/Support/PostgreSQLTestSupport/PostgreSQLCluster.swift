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

    package init(_ care: Care = .none) throws {
        self.care = care
        folder = try Self.makeFolder()
        watchdog = try Watchdog(over: folder.path)
        try run(
            "initdb",
            "--pgdata",
            data,
            "--username",
            Self.superuser,
            "--encoding",
            "UTF8",
            "--locale",
            "C",
            "--auth",
            "trust",
            "--no-sync",
            "--no-instructions"
        )
        try start()
        try execute(["CREATE ROLE \(Self.owner) LOGIN"])
    }

    private var data: String { folder.appending(path: "data").path }

    package func start() throws {
        try run(
            "pg_ctl",
            "start",
            "--wait",
            "--silent",
            "--pgdata",
            data,
            "--log",
            folder.appending(path: "log").path,
            "--options",
            options
        )
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
        let commands = statements.flatMap { ["--command", $0] }
        return try run(
            [
                "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
                "--set", "ON_ERROR_STOP=1", "--host", folder.path, "--port", "5432",
                "--username", Self.superuser, "--dbname", database,
            ] + commands
        )
    }

    /// Where a program finds a database of this server, as the owner of tests' databases.
    package func url(database: String) -> String {
        "postgres://\(Self.owner)@/\(database)?host=\(folder.path)"
    }

    private var options: String {
        let settings =
            switch care {
            case .none:
                [
                    "fsync=off", "synchronous_commit=off", "full_page_writes=off",
                    "wal_level=minimal", "max_wal_senders=0", "autovacuum=off",
                ]
            case .durable: ["wal_level=replica"]
            }
        let common = ["listen_addresses=", "unix_socket_directories=\(folder.path)", "port=5432"]
        return (common + settings).map { "-c \($0)" }.joined(separator: " ")
    }

    @discardableResult
    private func run(_ words: String...) throws -> String { try run(words) }

    /// A program of PostgreSQL's, by the name that it has in the newest version's folder.
    private func run(_ words: [String]) throws -> String {
        try Command.require(
            Self.asServer + ["env", "--chdir", folder.path] + [
                Self.programs.appending(path: words[0]).path
            ] + words.dropFirst()
        )
    }

    private static let programs: URL = {
        let versions = URL(filePath: "/usr/lib/postgresql")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: versions.path)) ?? []
        return versions.appending(
            path: names.compactMap { Int($0) }.max().map { "\($0)/bin" } ?? ""
        )
    }()

    private static let asServer =
        geteuid() == 0
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : []

    /// Short, as a socket's path has 107 bytes, and the server user's own.
    private static func makeFolder() throws -> URL {
        let parent = FileManager.default.temporaryDirectory.path
        let path = try Command.require("mktemp", "--directory", "\(parent)/wgw-pg-XXXXXX")
            .trimmingCharacters(in: .newlines)
        if geteuid() == 0 { try Command.require("chown", "postgres:postgres", path) }
        return URL(filePath: path)
    }
}
