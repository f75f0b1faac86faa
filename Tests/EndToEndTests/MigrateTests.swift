import EndToEndSupport
import Foundation
import FoundationNetworking
import PostgreSQLTestSupport
import TestSupport
import Testing

/// Installations that move from one engine to the other, with the real program.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct MigrateTests {
    @Test("an installation goes on with all that it has on PostgreSQL, and then on SQLite again")
    func thereAndBack() async throws {
        let cluster = try PostgreSQLCluster()
        let url = try cluster.makeDatabase("wgw")
        try await TemporaryDirectory.with { folder in
            let old = "sqlite:\(folder.path)/data"
            var before: [String: String] = [:]
            try await LoopbackServer.run([], in: folder) { server in
                try await Self.fill(server.api)
                before = try await Self.contents(server.api)
                let refused = try Self.migrate(from: old, to: url)
                #expect(refused.status == 5 && refused.output.contains("another wgw is running"))
            }
            let moved = try Self.migrate(from: old, to: url)
            #expect(moved.status == 0, "\(moved.output)")
            for words in [
                "peer  ", "compared every", "master-key", "api-key", "wgw node token embedded",
                "wgw node --data-dir",
            ] {
                #expect(moved.output.contains(words), "\(moved.output)")
            }
            let again = try Self.migrate(from: old, to: url)
            #expect(again.status == 5 && again.output.contains("is not empty"), "\(again.output)")

            let back = folder.appending(path: "back")
            mkdir(back.path, 0o700)
            let new = "sqlite:\(back.path)/data"
            // In the same data directory, with its master key.
            try await LoopbackServer.run(["--database", url], in: folder) { server in
                try await Self.expect(before, server.api)
                #expect(try await Self.makeOnce(server.api).status == 200)
                // The answer was kept.
                try await Self.expect(before, server.api)
                let client = [
                    "env", "-i", "WGW_URL=\(server.base.absoluteString)",
                    "WGW_API_KEY=\(Program.apiKey)", Program.binary.path,
                ]
                let token = try Command.require(client + ["node", "token", "embedded", "-q"])
                #expect(token.hasPrefix("wgw-join-1."))
                let refused = try Self.migrate(from: url, to: new)
                #expect(refused.status == 5 && refused.output.contains("stop all servers"))
                #expect(!FileManager.default.fileExists(atPath: back.appending(path: "data").path))
            }
            let returned = try Self.migrate(from: url, to: new)
            #expect(returned.status == 0, "\(returned.output)")
            #expect(returned.output.contains("wgw gateway move"), "\(returned.output)")
            let data = back.appending(path: "data").path
            let names = try FileManager.default.contentsOfDirectory(atPath: data).sorted()
            #expect(names == ["lock", "wgw.db"])
            let mode = try FileManager.default.attributesOfItem(atPath: data + "/wgw.db")
            #expect((mode[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            try FileManager.default.copyItem(
                atPath: folder.path + "/data/master-key",
                toPath: data + "/master-key"
            )
            try await LoopbackServer.run([], in: back) { server in
                try await Self.expect(before, server.api)
                _ = try await server.api.createNetwork("after")
            }
        }
    }

    @Test("what cannot be moved is refused in one sentence, and nothing is made")
    func refusals() throws {
        let directory = try TemporaryDirectory()
        defer { withExtendedLifetime(directory) {} }
        let folder = directory.path
        let nowhere = "postgres://wgw@/wgw?host=\(folder)"
        let new = "sqlite:\(folder)/new"
        let cases: [(String, String, Int32, String)] = [
            ("sqlite:\(folder)/none", nowhere, 3, "there is no wgw.db"),
            (nowhere, new, 1, "cannot be used"),
            (nowhere, "sqlite:", 2, "--to must be"),
            ("data", nowhere, 2, "--from must be"),
            ("sqlite:a", "sqlite:b", 2, "wgw backup"),
            ("postgres://wgw:hidden@db/wgw", new, 2, "PGPASSFILE"),
            ("sqlite:a", "postgres://wgw:hidden@db/wgw", 2, "PGPASSFILE"),
            ("postgres://wgw@db:port/wgw", new, 2, "postgres://"),
            (nowhere, "sqlite:\(folder)", 5, "is not empty"),
        ]
        try Data().write(to: URL(filePath: folder + "/mine"))
        for (from, to, status, words) in cases {
            let result = try Self.migrate(from: from, to: to)
            #expect(result.status == status, "\(result.output)")
            #expect(result.output.contains(words), "\(result.output)")
            #expect(result.lines.count == 1 && !result.output.contains("hidden"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["mine"])
    }

    private static func migrate(from: String, to: String) throws -> Command.Result {
        try Command.run(Program.bareCommand + ["migrate", "--from", from, "--to", to])
    }

    private static func fill(_ api: APIClient) async throws {
        let network = try await api.createNetwork("office")
        let gateway = try await api.createGateway(network: network.id, name: "first")
        for name in ["laptop", "Zoë's phone"] {
            let peer = try await api.createPeer(gateway: gateway.id, name: name)
            _ = try await api.share(peer: peer.id)
            // From now on its config is one that was delivered.
            _ = try await api.config(ofPeer: peer.id)
        }
        _ = try await api.createOrganization("tenant")
        _ = try await api.createAPIKey("machine")
        #expect(try await makeOnce(api).status == 200)
    }

    private static func makeOnce(_ api: APIClient) async throws -> (body: Data, status: Int?) {
        var request = URLRequest(url: api.base.appending(path: "networks"))
        request.httpMethod = "POST"
        request.setValue("Bearer \(api.key)", forHTTPHeaderField: "authorization")
        request.httpBody = Data(#"{"name": "once"}"#.utf8)
        request.setValue("application/json", forHTTPHeaderField: "content-type")
        request.setValue("move", forHTTPHeaderField: "idempotency-key")
        let (body, response) = try await URLSession.shared.data(for: request)
        return (body, (response as? HTTPURLResponse)?.statusCode)
    }

    /// Lists as the API has them, and config files.
    private static func contents(_ api: APIClient) async throws -> [String: String] {
        var contents: [String: String] = [:]
        for path in ["networks", "wireguard_peers", "organizations", "users", "regions"] {
            contents[path] = String(decoding: try await api.read(path), as: UTF8.self)
        }
        let list = Data((contents["wireguard_peers"] ?? "").utf8)
        let peers = try JSONSerialization.jsonObject(with: list) as? [String: Any]
        for peer in try #require(peers?["data"] as? [[String: Any]]) {
            let id = try #require(peer["id"] as? String)
            contents[id] = try await api.config(ofPeer: id)
        }
        #expect(contents.count == 7)
        return contents
    }

    private static func expect(
        _ before: [String: String],
        _ api: APIClient,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let now = try await contents(api)
        for (path, text) in before {
            #expect(now[path] == text, "\(path)", sourceLocation: sourceLocation)
        }
    }
}
