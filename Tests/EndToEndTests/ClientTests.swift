import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// The commands that ask a server, as a user runs them: the real program against a real server.
@Suite(.timeLimit(.minutes(5)))
struct ClientTests {
    @Test(
        "a list of peers is a table with exact values in a pipe, and the API's own objects in JSON"
    )
    func list() async throws {
        try await ClientWorld.run { world in
            let peer = try await world.makePeer("laptop")
            let table = try world.wgw("peer", "list")
            #expect(
                table.masked == """
                    NAME    ADDRESS     GATEWAY  LATEST HANDSHAKE  RECEIVED  SENT
                    laptop  172.27.0.2  first    -                        0     0

                    """
            )
            #expect(try world.wgw("peer", "list", "-q").output == peer.id + "\n")
            #expect(try world.wgw("peer", "list", "-o", "name").output == "laptop\n")
            let lines = try world.wgw("peer", "list", "-o", "jsonl").output
            let array = try world.wgw("peer", "list", "-o", "json").output
            let object = try JSONSerialization.jsonObject(with: Data(lines.utf8)) as? NSDictionary
            let list = try JSONSerialization.jsonObject(with: Data(array.utf8)) as? NSArray
            #expect(object?["id"] as? String == peer.id)
            #expect(list?.firstObject as? NSDictionary == object)
            #expect(
                try world.wgw("peer", "list", "--columns", "address,name", "--no-header").output
                    == "172.27.0.2  laptop\n"
            )
        }
    }

    @Test("a peer is found by its name and by its id, and a nearby name is suggested")
    func get() async throws {
        try await ClientWorld.run { world in
            let peer = try await world.makePeer("laptop")
            for word in ["laptop", peer.id] {
                let page = try world.wgw("peer", "get", word)
                #expect(page.status == 0)
                #expect(page.output.contains("address:          172.27.0.2\n"), "\(page.output)")
            }
            let lost = try world.wgw("peer", "get", "latpop")
            #expect(lost.status == 3)
            #expect(
                lost.output == "wgw: there is no peer named 'latpop'; 'laptop' is the nearest\n"
            )
        }
    }

    @Test("a name that two peers have is an error that lists their ids")
    func ambiguousName() async throws {
        try await ClientWorld.run { world in
            let ids = [try await world.makePeer("twin").id, try await world.makePeer("twin").id]
            let end = try world.wgw("peer", "get", "twin")
            #expect(end.status == 5)
            #expect(end.output.hasSuffix("give the id of one peer: \(ids[0]), \(ids[1])\n"))
        }
    }

    @Test("a command that is called wrongly names what was meant and ends with status 2")
    func usage() async throws {
        try await ClientWorld.run { world in
            let cases = [
                (
                    ["peer", "lst"],
                    "there is no command 'wgw peer lst'; 'wgw peer list' is the nearest"
                ),
                (["pear"], "there is no command 'wgw pear'; 'wgw peer' is the nearest"),
                (["peer", "list", "--quite"], "Unknown option '--quite'. Did you mean '--quiet'?"),
                (["peer", "list", "-o", "jsn"], "not 'jsn'; 'json' is the nearest"),
                (["peer", "list", "--columns", "nam"], "'name' is the nearest of"),
                (["peer", "list", "--url", "nowhere"], "--url must be a URL"),
            ]
            for (words, sentence) in cases {
                let end = try world.run(words)
                #expect(end.status == 2)
                #expect(end.output.contains(sentence), "\(end.output)")
                #expect(end.lines.count == 1)
            }
        }
    }

    @Test("a refused key, an unknown server and a missing one have statuses of their own")
    func statuses() async throws {
        try await ClientWorld.run { world in
            let stranger = try world.wgw("peer", "list", key: "KEY-that-was-never-made")
            #expect(stranger.status == 4)
            #expect(stranger.output.contains("does not know the API key of WGW_API_KEY"))
            #expect(!stranger.output.contains("never-made"), "an error repeats no key")
            // Port 9 of loopback: discard, which no system listens on any more.
            let nowhere = try world.wgw("peer", "list", "--url", "http://127.0.0.1:9")
            #expect(nowhere.status == 6)
            #expect(nowhere.output.contains("http://127.0.0.1:9 cannot be reached"))
        }
    }

    @Test(
        "a server of this machine is found by its data directory, with its key, and not when it has stopped"
    )
    func localServer() async throws {
        try await TemporaryDirectory.with { folder in
            try await LoopbackServer.run(in: folder) { server in
                let data = folder.appending(path: "data").path
                let words = [
                    "env", "-i", "WGW_DATA_DIR=\(data)", Program.binary.path, "peer", "list",
                ]
                let end = try Command.run(words)
                // The tests' server was given its key in the environment, and keeps it in no file.
                #expect(end.status == 4)
                #expect(end.output.contains("give the key that the server was started with"))
            }
            let data = folder.appending(path: "data").path
            let words = ["env", "-i", "WGW_DATA_DIR=\(data)", Program.binary.path, "peer", "list"]
            let end = try Command.run(words)
            #expect(end.status == 6)
            #expect(end.output.contains("start one with wgw serve"), "\(end.output)")
        }
    }
}
