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
                    NAME    ADDRESS     GATEWAY  LATEST HANDSHAKE  RECEIVED  SENT  CONFIG
                    laptop  172.27.0.2  first    -                        0     0  never fetched

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

    @Test("a name that two peers have is an error that lists their ids and where they are")
    func ambiguousName() async throws {
        try await ClientWorld.run { world in
            let ids = [try await world.makePeer("twin").id, try await world.makePeer("twin").id]
            let end = try world.wgw("peer", "get", "twin")
            #expect(end.status == 5)
            let places = ids.map { "\($0) (gateway first)" }.joined(separator: ", ")
            #expect(end.output.hasSuffix("give the id of one peer: \(places)\n"))
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

    @Test(
        "on a terminal a list has colours and relative times, and NO_COLOR takes the colours away"
    )
    func terminal() async throws {
        try await ClientWorld.run { world in
            try world.require("gateway", "create", "second", "--network", "office")
            func shown(_ environment: [String]) throws -> String {
                let terminal = try Terminal()
                let words = world.command(environment) + ["network", "list"]
                let child = try ChildProcess(
                    words,
                    input: terminal.far,
                    output: terminal.far,
                    errors: terminal.far
                )
                #expect(child.wait() == 0)
                return terminal.read()
            }
            let colored = try shown([])
            #expect(colored.contains("\u{1B}[1mNAME"))
            #expect(colored.contains(/office +172\.27\.0\.0\/16 +(just now|\d+ seconds? ago)/))
            #expect(try !shown(["NO_COLOR=1"]).contains("\u{1B}"))
        }
    }

    @Test("completion gives the names of live objects, and a script for each shell")
    func completion() async throws {
        try await ClientWorld.run { world in
            _ = try await world.makePeer("laptop")
            _ = try await world.makePeer("lamp")
            for shell in ["bash", "zsh", "fish"] {
                let script = try world.wgw("completion", shell)
                #expect(script.status == 0)
                #expect(script.output.contains("wgw"))
            }
            #expect(try world.wgw("completion", "tcsh").status == 2)
            let names = try world.wgw(
                "---completion",
                "peer",
                "get",
                "--",
                "positional@0",
                "3",
                "2",
                "wgw",
                "peer",
                "get",
                "la"
            )
            #expect(names.lines.sorted() == ["lamp", "laptop"], "\(names.output)")
        }
    }

    @Test("events are printed as they are made, one JSON object on a line")
    func watch() async throws {
        try await ClientWorld.run { world in
            let peer = try await world.makePeer("laptop")
            try world.require("peer", "update", "laptop", "--name", "tablet")
            // What was made before is given at once.
            let watch = try BackgroundProcess(
                world.command() + ["peer", "watch", "--since", "0", "-o", "jsonl"],
                logs: world.userFolder,
                name: "watch"
            )
            let hasBoth = try await eventually {
                watch.output.split(separator: "\n").count >= 2 || !watch.isRunning
            }
            let events = watch.output.split(separator: "\n")
            #expect(hasBoth && events.count == 2, "\(watch.errors)")
            _ = try await watch.stop()
            #expect(events.first?.contains("wireguard_peer.created") == true)
            #expect(events.last?.contains("wireguard_peer.updated") == true)
            #expect(events.allSatisfy { $0.contains(peer.id) })
        }
    }

    @Test(
        "every noun is made, changed and deleted by name, and a word that names nothing deletes nothing"
    )
    func verbs() async throws {
        try await ClientWorld.run { world in
            try world.require("network", "create", "lab", "--address-block", "10.9.0.0/16")
            try world.require("network", "update", "lab", "--name", "attic")
            try world.require("gateway", "create", "attic", "--network", "attic", "--mtu", "1380")
            try world.require("gateway", "update", "attic", "--keepalive", "15")
            let gateway = try world.wgw("gateway", "get", "attic").output
            #expect(gateway.contains(/mtu: +1380\n/) && gateway.contains(/keepalive: +15\n/))
            #expect(try world.wgw("gateway", "delete", "--yes", "attic", "nothing").status == 3)
            #expect(try world.wgw("network", "delete", "--yes", "attic").status == 5)
            #expect(
                try world.require("gateway", "delete", "--yes", "attic")
                    == "gateway 'attic' is deleted\n"
            )
            let key = try world.wgw("key", "create", "ci", "--role", "viewer", "--expires", "1h")
            let text = try #require(key.output.firstMatch(of: /api-key: +(KEY\w+)\n/)?.1)
            #expect(try world.wgw("network", "list", key: String(text)).status == 0)
            let denied = try world.run(["network", "create", "x"], key: String(text))
            #expect(denied.status == 4)
            #expect(denied.output.contains("role"))
            let quiet = try world.require("key", "create", "quiet", "-q")
            #expect(quiet.wholeMatch(of: /KEY\w+\n/) != nil, "the key, which is not shown again")
            try world.require("key", "delete", "--yes", "ci")
            #expect(try world.wgw("network", "list", key: String(text)).status == 4)
            try world.require("organization", "create", "tenant")
            try world.require("network", "create", "theirs", "--organization", "tenant")
            #expect(
                try world.wgw("network", "list", "--organization", "tenant", "-o", "name").output
                    == "theirs\n"
            )
            #expect(try world.require("region", "list", "-o", "name") == "local\n")
            #expect(
                try world.require("coverage", "list", "--service", "cloud_vpn", "-q") == "local\n"
            )
        }
    }
}
