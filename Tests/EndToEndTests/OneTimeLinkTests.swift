import EndToEndSupport
import Foundation
import FoundationNetworking
import TestSupport
import Testing

/// One-time links and config states through the lives of an installation.
@Suite(.timeLimit(.minutes(3)))
struct OneTimeLinkTests {
    @Test("a link gives its config file away once, however often the server is killed in between")
    func onceAcrossLives() async throws {
        try await TemporaryDirectory.with { folder in
            var (links, peers): ([String], [String]) = ([], [])
            try await LoopbackServer.runUntilKilled(in: folder) { server in
                let network = try await server.api.createNetwork("office").id
                let gateway = try await server.api.createGateway(network: network).id
                for name in ["a", "b"] {
                    let peer = try await server.api.createPeer(gateway: gateway, name: name).id
                    peers.append(peer)
                    links.append(try await server.api.share(peer: peer).url)
                }
            }
            let first = try #require(links.first)
            var secret = ""
            try await LoopbackServer.runUntilKilled(in: folder) { server in
                #expect(try await ask("GET", first, at: server.base).status == 200)
                #expect(try await ask("HEAD", first, at: server.base).status == 200)
                let base = server.base
                let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                    for _ in 0..<2 { group.addTask { try await ask("POST", first, at: base) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.map(\.status).sorted() == [200, 410])
                let config = try #require(answers.first { $0.status == 200 }).text
                let line = try #require(config.firstMatch(of: /PrivateKey = (\S+)/))
                secret = String(line.output.1)
                let states = [
                    try await server.api.peer(peers[0]).configState,
                    try await server.api.peer(peers[1]).configState,
                ]
                #expect(states == ["current", "never_fetched"])
            }
            try await LoopbackServer.run(in: folder) { server in
                let statuses = [
                    try await ask("POST", first, at: server.base).status,
                    try await ask("POST", links[1], at: server.base).status,
                ]
                #expect(statuses == [410, 200])
                #expect(
                    !server.errors.contains(secret) && !server.errors.contains(first.suffix(22))
                )
            }
            let files = folder.appending(path: "data")
            for file in try FileManager.default.contentsOfDirectory(atPath: files.path) {
                let bytes = try Data(contentsOf: files.appending(path: file))
                for text in [secret, String(first.suffix(22)), "PrivateKey = "] {
                    #expect(bytes.range(of: Data(text.utf8)) == nil, "\(file)")
                }
            }
        }
    }

    @Test("a start with another keepalive makes the config files that name it outdated")
    func settings() async throws {
        try await TemporaryDirectory.with { folder in
            var peer = ""
            var revision = 0
            try await LoopbackServer.run(in: folder) { server in
                let network = try await server.api.createNetwork("office").id
                let gateway = try await server.api.createGateway(network: network).id
                peer = try await server.api.createPeer(gateway: gateway, name: "a").id
                _ = try await server.api.config(ofPeer: peer)
                revision = try await server.api.peer(peer).configRevision
                #expect(try await server.api.peer(peer).configState == "current")
            }
            try await LoopbackServer.run(in: folder) { server in
                let same = try await server.api.peer(peer)
                #expect(same.configState == "current" && same.configRevision == revision)
            }
            try await LoopbackServer.run(["--persistent-keepalive", "31"], in: folder) { server in
                let changed = try await server.api.peer(peer)
                #expect(changed.configState == "outdated" && changed.configRevision > revision)
            }
        }
    }
}

private struct Answer: Sendable {
    let status: Int
    let text: String
}

/// Asks at the link's path without a key. The link's host is that of an earlier life of the server.
private func ask(_ method: String, _ link: String, at base: URL) async throws -> Answer {
    let path = try #require(URL(string: link)).path
    var request = URLRequest(url: base.appending(path: path))
    request.httpMethod = method
    let (data, response) = try await URLSession.shared.data(for: request)
    return Answer(
        status: (response as? HTTPURLResponse)?.statusCode ?? 0,
        text: String(decoding: data, as: UTF8.self)
    )
}
