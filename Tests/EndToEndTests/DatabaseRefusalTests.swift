import EndToEndSupport
import Foundation
import PostgreSQLTestSupport
import TestSupport
import Testing

/// What an operator sees whose database cannot be used: one sentence with what to do, and nothing was written.
@Suite(.serialized)
struct DatabaseRefusalTests {
    /// Stands in for what must be seen by nobody.
    private static let password = "secret-of-the-database"

    @Test(
        "a database URL that is none ends wgw serve with one sentence that shows how one is written",
        arguments: [
            "", "db.example.net", "mysql://wgw@db/wgw", "postgres://wgw:%zz@db/wgw",
            "postgres://wgw@db:port/wgw", "postgres://wgw@db/wgw?no_such=1",
        ]
    )
    func nonsense(url: String) async throws {
        try await expect(url, status: 2, says: ["postgres://"])
    }

    @Test("a database server that is not there is named as what cannot be reached")
    func nobody() async throws {
        try await TemporaryDirectory.with { folder in
            try await expect("postgres://wgw@/wgw?host=\(folder.path)", says: [folder.path])
        }
    }

    @Test("a wrong or missing password is told as such, and shown nowhere")
    func password() async throws {
        let cluster = try PostgreSQLCluster()
        try cluster.requirePassword("right-\(Self.password)")
        let database = try cluster.makeDatabase("wgw")
        try await TemporaryDirectory.with { folder in
            let file = folder.appending(path: "pgpass")
            try Data("*:*:*:*:\(Self.password)\n".utf8).write(to: file)
            try await expect(database, says: ["password"])
            try Command.require("chmod", "600", file.path)
            let variables = ["PGPASSFILE=\(file.path)"]
            try await expect(database, environment: variables, says: ["password", "PGPASSFILE"])
        }
        #expect(try cluster.tables(in: "wgw") == 0)
    }

    @Test(
        "a database that the role may not write to is told with the command that makes it the owner"
    )
    func noRights() async throws {
        let cluster = try PostgreSQLCluster()
        try cluster.execute(["CREATE DATABASE foreign_owner"])
        let url = cluster.url(database: "foreign_owner")
        try await expect(url, says: ["OWNER"])
        try cluster.execute(["REVOKE CONNECT ON DATABASE foreign_owner FROM PUBLIC"])
        try await expect(url, says: ["foreign_owner", "CONNECT"])
        try await expect(cluster.url(database: "nowhere"), says: ["nowhere", "CREATE DATABASE"])
        #expect(try cluster.tables(in: "foreign_owner") == 0)
    }

    @Test("a database that takes no changes is told as one that can only be read")
    func readOnly() async throws {
        let cluster = try PostgreSQLCluster()
        let url = try cluster.makeDatabase("wgw")
        try cluster.execute(["ALTER DATABASE wgw SET default_transaction_read_only = on"])
        try await expect(url, says: ["changes"])
        #expect(try cluster.tables(in: "wgw") == 0)
    }

    @Test(
        "a database in another encoding than UTF-8 is told with the command that makes a right one"
    )
    func encoding() async throws {
        let cluster = try PostgreSQLCluster()
        for encoding in ["LATIN1", "SQL_ASCII"] {
            let name = encoding.lowercased()
            try cluster.execute(
                ["CREATE DATABASE \(name) OWNER wgw ENCODING '\(encoding)' TEMPLATE template0"]
            )
            try await expect(cluster.url(database: name), says: [encoding, "UTF8"])
            #expect(try cluster.tables(in: name) == 0)
        }
    }

    @Test("a database with the tables of another program is left alone")
    func foreign() async throws {
        let cluster = try PostgreSQLCluster()
        let url = try cluster.makeDatabase("wgw")
        for table in ["peer (id INT)", "migration (version INT)", "orders (id INT)"] {
            try cluster.execute(["CREATE TABLE \(table)"], database: "wgw")
            try await expect(url, says: ["empty"])
            #expect(try cluster.tables(in: "wgw") == 1, "\(table)")
            try cluster.execute(["DROP TABLE \(table.prefix { $0 != " " })"], database: "wgw")
        }
    }

    @Test("a server older than PostgreSQL 13 is told with its version and the oldest that will do")
    func old() async throws {
        try await TemporaryDirectory.with { folder in
            let database = try await strangeDatabase([folder.path], logs: folder)
            defer { database.kill() }
            try await expect("postgres://wgw@/wgw?host=\(folder.path)", says: ["12", "13"])
        }
    }

    @Test(
        "a certificate that no known authority has signed ends wgw serve before a password is sent"
    )
    func certificate() async throws {
        try await TemporaryDirectory.with { folder in
            let (certificate, key) = (folder.appending(path: "c"), folder.appending(path: "k"))
            try Command.require([
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                "-out", certificate.path, "-keyout", key.path,
            ])
            let process = try await strangeDatabase([certificate.path, key.path], logs: folder)
            let port = try #require(process.output.split(whereSeparator: \.isWhitespace).last)
            try await expect(
                """
                postgres://wgw@127.0.0.1:\(port)/wgw?sslmode=verify-full\
                &sslrootcert=/etc/ssl/certs/ca-certificates.crt
                """,
                says: ["certificate"]
            )
        }
    }

    @Test(
        "a password in the options, which all users of the machine see, is refused and not repeated"
    )
    func passwordInOptions() async throws {
        try await expect("postgres://wgw:\(Self.password)@db/wgw", status: 2, says: ["PGPASSFILE"])
    }

    private func strangeDatabase(
        _ words: [String],
        logs folder: URL
    ) async throws -> BackgroundProcess {
        let program = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Harness/strange_database.py").path
        let process = try BackgroundProcess(
            ["python3", "-B", program] + words,
            logs: folder,
            name: "database"
        )
        #expect(try await eventually { process.output.contains("ready") }, "\(process.errors)")
        return process
    }

    /// Starts a server on the database, and wants it to end as it should.
    private func expect(
        _ url: String,
        environment: [String] = [],
        status: Int32 = 1,
        says words: [String],
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        try await TemporaryDirectory.with { folder in
            let data = folder.appending(path: "data")
            let process = try BackgroundProcess(
                ["env", "-i", "PATH=/usr/bin:/bin"] + environment + [
                    Program.binary.path, "serve", "--database", url, "--data-dir", data.path,
                    "--listen", "127.0.0.1:0", "--endpoint-address", "127.0.0.1",
                ],
                logs: folder,
                name: "server"
            )
            #expect(try await process.waitForExit() == status, sourceLocation: location)
            let errors = process.errors
            #expect(errors.hasPrefix("wgw: "), sourceLocation: location)
            #expect(errors.split(separator: "\n").count == 1, "\(errors)", sourceLocation: location)
            for word in words {
                #expect(errors.contains(word), "\(errors)", sourceLocation: location)
            }
            #expect(!errors.contains(Self.password), "\(errors)", sourceLocation: location)
            let isMade = FileManager.default.fileExists(atPath: data.path)
            #expect(!isMade, "\(errors)", sourceLocation: location)
        }
    }
}
