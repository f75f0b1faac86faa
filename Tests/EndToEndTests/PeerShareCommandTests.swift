import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// The commands that hand configs out, and what a stock `curl` gets at their links.
@Suite(.timeLimit(.minutes(5)))
struct PeerShareCommandTests {
    @Test("a link that wgw peer share prints gives the config away once")
    func share() async throws {
        try await ClientWorld.run { world in
            _ = try await world.makePeer("laptop")
            let made = try world.wgw("peer", "share", "laptop", "--expires", "10m")
            #expect(made.status == 0, "\(made.output)")
            let url = try #require(made.output.firstMatch(of: /url: +(\S+)/)).output.1
            let post = ["curl", "--silent", "--request", "POST", String(url)]
            let first = try Command.run(post)
            #expect(first.output.contains(/PrivateKey = [A-Za-z0-9+\/]{43}=\n/), "\(first.output)")
            #expect(try Command.run(post).output.contains("This link was used, or has expired."))
            let list = try world.wgw("share", "list", "--peer", "laptop", "-o", "wide")
            #expect(list.output.contains("in the file"))
            #expect(!list.output.contains(url.suffix(22)))
            #expect(
                try world.wgw("peer", "list", "--columns", "config", "--no-header").output
                    == "current\n"
            )
        }
    }

    @Test("a link can be taken back, and its config can have the key that is in a file")
    func keys() async throws {
        try await ClientWorld.run { world in
            let peer = try await world.makePeer("laptop")
            let key = try #require(peer.privateKey)
            try TemporaryDirectory.with { folder in
                let file = folder.appending(path: "laptop.key").path
                try Data("\(key)\n".utf8).write(to: URL(filePath: file))
                let made = try world.wgw(
                    "peer",
                    "share",
                    "laptop",
                    "--private-key",
                    file,
                    "-o",
                    "jsonl"
                )
                #expect(made.status == 0, "\(made.output)")
                let url = try #require(made.output.firstMatch(of: /"url":"([^"]+)"/)).output.1
                let opened = try Command.run(["curl", "--silent", "--request", "POST", String(url)])
                #expect(opened.output.contains("PrivateKey = \(key)\n"))
                try Data("nothing\n".utf8).write(to: URL(filePath: file))
                let refused = try world.wgw("peer", "share", "laptop", "--private-key", file)
                #expect(refused.status == 2)
                #expect(refused.output.contains("must hold a WireGuard key"))
            }
            let hiding = try world.wgw("peer", "share", "laptop", "--without-key", "-o", "name")
            #expect(hiding.status == 2 && hiding.output.contains("-o name would lose"))
            let list = try world.wgw("share", "list", "-o", "name")
            #expect(list.output.split(separator: "\n").count == 1)
            _ = try world.require("peer", "share", "laptop", "--without-key", "-q")
            #expect(try world.screen(80, "share", "list").contains(/\S{36} +laptop/))
            let ids = try world.wgw("share", "list", "-q")
            let id = String(try #require(ids.lines.last))
            #expect(try world.wgw("share", "delete", "--yes", id).status == 0)
            #expect(try world.wgw("share", "get", id).status == 3)
            #expect(try world.wgw("peer", "share", "laptop", "--expires", "8d").status == 2)
            #expect(
                try world.wgw("peer", "share", "laptop", "--new-key", "--without-key").status == 2
            )
        }
    }

    @Test(
        "a config URL answers 304 to a device that has the config, and nothing once it is revoked"
    )
    func configURL() async throws {
        try await ClientWorld.run { world in
            _ = try await world.makePeer("laptop")
            let made = try world.wgw("peer", "config-url", "laptop")
            let url = String(try #require(made.output.firstMatch(of: /url: +(\S+)/)).output.1)
            let first = try Command.run(["curl", "--silent", "--include", url])
            let tag = try #require(first.output.firstMatch(of: /(?i)etag: (\S+)/)).output.1
            #expect(first.output.contains("[Interface]"))
            let words = ["curl", "--silent", "--include", "--header", "If-None-Match: \(tag)", url]
            #expect(try Command.run(words).output.hasPrefix("HTTP/1.1 304 "))
            #expect(try world.wgw("peer", "config-url", "laptop", "--show").status == 0)
            #expect(try world.wgw("peer", "config-url", "laptop", "--revoke").status == 0)
            let missing = try world.wgw("peer", "config-url", "laptop", "--show")
            #expect(missing.status == 3)
            #expect(
                missing.output
                    == "wgw: the peer has no config URL; wgw peer config-url laptop makes one\n"
            )
            let gone = try Command.run(["curl", "--silent", "--include", url])
            #expect(gone.output.hasPrefix("HTTP/1.1 404 "))
        }
    }
}
