import EndToEndSupport
import Foundation
import FoundationNetworking
import Glibc
import TestSupport
import Testing

/// What a server says and does when it cannot store changes any more.
@Suite("A server that cannot store changes", .timeLimit(.minutes(3)))
struct StorageTests {
    @Test(
        "a server whose disk is full refuses changes, answers reads, and goes on when there is room",
        .enabled(if: Privileges.allowTests, "skipped: \(Privileges.lacking ?? "")")
    )
    func fullDisk() async throws {
        try await SmallDisk.with(megabytes: 8) { disk in
            let data = disk.folder.appending(path: "data").path
            var kept: [String] = []
            try await LoopbackServer.run("--data-dir", data, "--rate-limit", "off") { server in
                kept.append(try await server.api.createNetwork("before").id)
                // Its first use cannot be written down any more.
                let fresh = try await server.api.createAPIKey("fresh").apiKey
                let other = APIClient(base: server.api.base, key: fresh)
                try disk.fill()
                let refusal = try await server.refusal(of: 5_000) {
                    kept.append(try await server.api.createNetwork("while it lasts").id)
                }
                #expect(refusal.status == 503)
                #expect(refusal.body.contains("disk") && refusal.body.contains("full"))
                for _ in 0..<3 {
                    #expect(try await other.network(kept[0]).id == kept[0])
                    #expect(try await !other.metrics().isEmpty)
                    let ready = try await server.get("readyz")
                    #expect(ready.status == 503)
                    #expect(ready.text.contains("full"))
                }
                disk.empty()
                let isReady = try await eventually(within: .seconds(60)) {
                    try await server.get("readyz").status == 200
                }
                #expect(isReady, "\(server.errors)")
                kept.append(try await server.api.createNetwork("after").id)
                let isSaid = try await eventually(within: .seconds(60)) {
                    server.errors.contains("changes can be stored again")
                }
                #expect(isSaid)
                #expect(server.errors.ranges(of: "changes cannot be stored").count == 1)
                #expect(!server.errors.contains("request failed"), "\(server.errors)")
            }
            try await LoopbackServer.run("--data-dir", data, "--rate-limit", "off") { server in
                for id in kept {
                    let found = try await server.api.network(id)
                    #expect(found.id == id)
                }
            }
        }
    }

    @Test("a server whose data directory was moved says so, and goes on when it is back")
    func moved() async throws {
        try await LoopbackServer.run { server in
            let network = try await server.api.createNetwork("before").id
            let data = server.folder.appending(path: "data").path
            try #require(rename(data, data + ".away") == 0)
            let isSaid = try await eventually(within: .seconds(60)) {
                let ready = try await server.get("readyz")
                return ready.status == 503 && ready.text.contains("moved, deleted or replaced")
            }
            #expect(isSaid)
            let refusal = try await server.refusal(of: 1) {
                _ = try await server.api.createNetwork("lost")
            }
            #expect(refusal.status == 503)
            #expect(try await server.api.network(network).id == network)
            try #require(rename(data + ".away", data) == 0)
            let isReady = try await eventually(within: .seconds(60)) {
                try await server.get("readyz").status == 200
            }
            #expect(isReady)
            _ = try await server.api.createNetwork("after")
        }
    }

    @Test("a server whose data directory was deleted acknowledges no change")
    func deleted() async throws {
        try await LoopbackServer.run { server in
            _ = try await server.api.createNetwork("before")
            try FileManager.default.removeItem(at: server.folder.appending(path: "data"))
            let refusal = try await server.refusal(of: 1) {
                _ = try await server.api.createNetwork("lost")
            }
            #expect(refusal.status == 503)
            #expect(try await server.get("readyz").status == 503)
        }
    }
}

extension LoopbackServer {
    fileprivate func get(_ path: String) async throws -> (status: Int, text: String) {
        let (data, response) = try await URLSession.shared.data(from: base.appending(path: path))
        return (
            (response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self)
        )
    }

    /// The first refusal of several attempts.
    fileprivate func refusal(
        of attempts: Int,
        _ body: () async throws -> Void
    ) async throws -> APIClient.Refusal {
        for _ in 0..<attempts {
            do {
                try await body()
            } catch let refusal as APIClient.Refusal {
                return refusal
            }
        }
        throw Command.Failure(description: "nothing was refused")
    }
}
