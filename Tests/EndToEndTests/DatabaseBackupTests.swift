import EndToEndSupport
import Foundation
import PostgreSQLTestSupport
import TestSupport
import Testing

/// Backups of servers on PostgreSQL, and backups that go there.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct DatabaseBackupTests {
    @Test("a backup of PostgreSQL is made while the server runs, and goes back to either engine")
    func either() async throws {
        let cluster = try PostgreSQLCluster()
        let url = try cluster.makeDatabase("wgw")
        try await TemporaryDirectory.with { folder in
            let site = try BackupSite(folder)
            var network = ""
            let keyless = try site.backup(to: "none", "--database", url)
            #expect(keyless.output.contains("another server of the database"), "\(keyless.output)")
            try await LoopbackServer.run(["--database", url], in: folder) { server in
                network = try await server.api.createNetwork("before").id
                let made = try site.backup(to: "backup", "--database", url)
                #expect(made.status == 0, "\(made.output)")
                #expect(made.output.contains("1 network, 0 gateways"), "\(made.output)")
                _ = try await server.api.createNetwork("not in it")
            }
            #expect(try site.restore("backup", to: "unused", "--verify").status == 0)

            let restored = folder.appending(path: "restored")
            mkdir(restored.path, 0o700)
            #expect(try site.restore("backup", to: "restored/data").status == 0)
            try await LoopbackServer.run([], in: restored) { server in
                let names = try await Self.names(server.api)
                #expect(names == ["before"])
            }

            mkdir(site.path("third"), 0o700)
            let full = try site.restore("backup", to: "third/data", "--database", url)
            #expect(full.status == 5, "\(full.output)")
            #expect(full.output.contains("is not empty"), "\(full.output)")
            #expect(!site.exists("third/data"))
            let next = try cluster.makeDatabase("restored")
            let empty = try site.backup(to: "none", "--database", next)
            #expect(empty.status == 3, "\(empty.output)")
            #expect(empty.output.contains("holds no installation"), "\(empty.output)")
            #expect(!site.exists("none"))
            let filled = try site.restore("backup", to: "third/data", "--database", next)
            #expect(filled.status == 0, "\(filled.output)")
            #expect(try site.names(in: "third/data") == ["master-key"])
            let third = folder.appending(path: "third")
            try await LoopbackServer.run(["--database", next], in: third) { server in
                let found = try await server.api.network(network)
                #expect(found.id == network)
                let names = try await Self.names(server.api)
                #expect(names == ["before"])
            }
        }
    }

    @Test("a backup of SQLite goes to PostgreSQL, for servers with the master key that they have")
    func fromSQLite() async throws {
        let cluster = try PostgreSQLCluster()
        let url = try cluster.makeDatabase("wgw")
        try await TemporaryDirectory.with { folder in
            let site = try BackupSite(folder)
            try await LoopbackServer.run([], in: folder) { server in
                let network = try await server.api.createNetwork("mine")
                _ = try await server.api.createGateway(network: network.id)
            }
            #expect(try site.backup(to: "backup").status == 0)
            mkdir(site.path("other"), 0o700)
            try Data((Data(repeating: 7, count: 32).base64EncodedString() + "\n").utf8)
                .write(to: URL(filePath: site.path("other/master-key")))
            let other = try site.restore("backup", to: "other", "--database", url)
            #expect(other.status == 5 && other.output.contains("master key"), "\(other.output)")
            #expect(try cluster.tables(in: "wgw") == 0)

            // The data directory of the servers.
            let restored = try site.restore("backup", to: "data", "--database", url)
            #expect(restored.status == 0, "\(restored.output)")
            try await LoopbackServer.run(["--database", url], in: folder) { server in
                let names = try await Self.names(server.api)
                #expect(names == ["mine"])
            }
        }
    }

    private static func names(_ api: APIClient) async throws -> [String] {
        let answer = try await api.read("networks")
        let list = try JSONSerialization.jsonObject(with: answer) as? [String: Any]
        return try #require(list?["data"] as? [[String: Any]]).compactMap { $0["name"] as? String }
    }
}
