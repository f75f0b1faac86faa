import EndToEndSupport
import Foundation
import FoundationNetworking
import PostgreSQLTestSupport
import TestSupport
import Testing

/// A server whose database changes its place under it.
@Suite(.serialized)
struct DatabaseFailoverTests {
    @Test("what was acknowledged is there after the primary is killed and its replica promoted")
    func promotion() async throws {
        let primary = try PostgreSQLCluster(.durable)
        _ = try primary.makeDatabase("wgw")
        let replica = try primary.replica(isSynchronous: true)
        let url = PostgreSQLCluster.url(database: "wgw", on: [primary, replica])
        try await TemporaryDirectory.with { folder in
            try await LoopbackServer.run(["--database", url], in: folder) { server in
                let before = try await server.api.createNetwork("before")
                try primary.kill()
                let clock = ContinuousClock()
                var answer = try await Self.create("meanwhile", at: server.base)
                let wait = try await clock.measure {
                    answer = try await Self.create("meanwhile", at: server.base)
                }
                #expect(answer.status == 503)
                #expect(answer.retryAfter != nil)
                // It waits for two seconds; the rest is a machine that is busy.
                #expect(wait < .seconds(30))
                try replica.promote()
                #expect(
                    try await eventually(every: .milliseconds(100)) {
                        try await Self.create("after", at: server.base).status == 200
                    }
                )
                #expect(try await server.api.network(before.id).id == before.id)
            }
        }
    }

    @Test("a promotion that lost changes is noticed, and what was lost is not told as deleted")
    func lostChanges() async throws {
        let primary = try PostgreSQLCluster(.durable)
        _ = try primary.makeDatabase("wgw")
        let url = PostgreSQLCluster.url(database: "wgw", on: [primary])
        try await TemporaryDirectory.with { folder in
            try await LoopbackServer.run(["--database", url], in: folder) { _ in }
            let replica = try primary.replica(isSynchronous: false)
            let both = PostgreSQLCluster.url(database: "wgw", on: [primary, replica])
            try await LoopbackServer.run(["--database", both], in: folder) { server in
                let kept = try await server.api.createNetwork("kept")
                #expect(
                    try await eventually {
                        try replica.execute(
                            ["SELECT count(*) FROM network WHERE name = 'kept'"],
                            database: "wgw"
                        ) == "1\n"
                    }
                )
                try replica.stop()
                let lost = try await server.api.createNetwork("lost")
                try primary.kill()
                try replica.start()
                try replica.promote()
                #expect(
                    try await eventually(every: .milliseconds(100)) {
                        try await Self.create("after", at: server.base).status == 200
                    }
                )
                #expect(try await server.api.network(kept.id).id == kept.id)
                await #expect(throws: (any Error).self) {
                    try await server.api.network(lost.id)
                }
                let isNoticed = try await eventually { server.errors.contains("timeline") }
                #expect(isNoticed, "\(server.errors)")
            }
        }
    }

    @Test("a server whose database a newer version has taken over answers reads, and is not ready")
    func newerVersion() async throws {
        let cluster = try PostgreSQLCluster()
        let url = try cluster.makeDatabase("wgw")
        try await TemporaryDirectory.with { folder in
            try await LoopbackServer.run(["--database", url], in: folder) { server in
                let network = try await server.api.createNetwork("before")
                try cluster.execute(
                    ["INSERT INTO migration VALUES ('2999-01-01-next')"],
                    database: "wgw"
                )
                #expect(try await Self.create("after", at: server.base).status == 503)
                #expect(try await server.api.network(network.id).id == network.id)
                let ready = server.base.appending(path: "readyz")
                let (text, response) = try await URLSession.shared.data(from: ready)
                #expect((response as? HTTPURLResponse)?.statusCode == 503)
                #expect(String(decoding: text, as: UTF8.self).contains("newer version"))
            }
            let start = try Command.run(
                Program.bareCommand + [
                    "serve", "--listen", "127.0.0.1:0", "--database", url,
                    "--data-dir", folder.appending(path: "data").path,
                ]
            )
            #expect(start.status == 1 && start.lines.count == 1, "\(start.output)")
            #expect(start.output.contains("by a newer wgw"), "\(start.output)")
        }
    }

    @Test("a call that comes while the replica takes over waits for it, instead of failing")
    func waiting() async throws {
        let cluster = try PostgreSQLCluster(.durable)
        let url = try cluster.makeDatabase("wgw")
        try await TemporaryDirectory.with { folder in
            try await LoopbackServer.run(["--database", url], in: folder) { server in
                let base = server.base
                try cluster.stop()
                async let answer = Self.create("meanwhile", at: base)
                try cluster.start()
                let status = try await answer.status
                // On a busy machine the start takes longer than a call waits.
                #expect([200, 503].contains(status))
                #expect(
                    try await eventually(every: .milliseconds(100)) {
                        try await Self.create("after", at: server.base).status == 200
                    }
                )
            }
        }
    }

    @Test("a server works through a pooler in transaction mode, and says once what it lacks there")
    func pooler() async throws {
        let cluster = try PostgreSQLCluster()
        _ = try cluster.makeDatabase("wgw")
        let pooler = try PgBouncer(inFrontOf: cluster)
        try await TemporaryDirectory.with { folder in
            let url = pooler.url(database: "wgw")
            try await LoopbackServer.run(["--database", url], in: folder) { server in
                for number in 0..<20 {
                    #expect(
                        try await Self.create("network-\(number)", at: server.base).status == 200
                    )
                }
                let said = "pooler"
                let isSaid = try await eventually { server.errors.contains(said) }
                #expect(isSaid, "\(server.errors)")
                #expect(server.errors.components(separatedBy: said).count == 2)
            }
        }
    }

    private struct Answer: Sendable {
        let status: Int
        let retryAfter: String?
    }

    /// Makes a network.
    private static func create(_ name: String, at base: URL) async throws -> Answer {
        var request = URLRequest(url: base.appending(path: "v2/networks"))
        request.httpMethod = "POST"
        request.setValue("Bearer \(Program.apiKey)", forHTTPHeaderField: "Authorization")
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = Data(#"{"name": "\#(name)"}"#.utf8)
        let (_, response) = try await URLSession.shared.data(for: request)
        let answer = try #require(response as? HTTPURLResponse)
        return Answer(
            status: answer.statusCode,
            retryAfter: answer.value(forHTTPHeaderField: "retry-after")
        )
    }
}
