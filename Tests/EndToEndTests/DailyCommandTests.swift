import EndToEndSupport
import Foundation
import Glibc
import TestSupport
import Testing

/// `wgw status`, `wgw top` and `wgw wait`, against a server on loopback.
@Suite("Daily commands", .timeLimit(.minutes(3)))
struct DailyCommandTests {
    @Test("wgw status has a line for each gateway and peer, and ends with what is wrong")
    func status() async throws {
        try await ClientWorld.run { world in
            try await world.provisioned()
            let empty = try world.wgw("status")
            #expect(empty.status == 0, "\(empty.output)")
            #expect(
                empty.output.contains("\n1 of 1 gateways provisioned, 0 of 0 peers connected\n")
            )
            #expect(empty.output.contains("→ Make the first one.\n           wgw peer create"))

            try await world.provisioned(peers: "laptop", "phone")
            #expect(
                try world.screen(80, "status") == """
                    GATEWAY / PEER  STATE        ADDRESS     ENDPOINT         SEEN   RECV   SENT
                    first           provisioned  172.27.0.1  127.0.0.1:PORT  -         0      0
                      laptop        never        172.27.0.2  -                -         0      0
                      phone         never        172.27.0.3  -                -         0      0

                    1 of 1 gateways provisioned, 0 of 2 peers connected

                    warning  None of its peers has ever reached gateway 'first' at 127.0.0.1:PORT.
                             → Open UDP port PORT in the firewall of the server and, where the
                             server is behind a router, forward it. Check that devices find the
                             server at 127.0.0.1.

                    """
            )
            let wide = try world.screen(200, "status")
            #expect(wide.contains("LAST SEEN") && !wide.contains("HANDSHAKE"))
            let all = try world.screen(200, "status", "-o", "wide")
            #expect(all.contains(/LAST SEEN +RECEIVED +SENT +LATEST HANDSHAKE +ID/))
            let piped = try world.wgw("status", "--no-header").output
            #expect(piped.hasPrefix("first"))
            #expect(!piped.contains("\u{1B}"))
        }
    }

    @Test("wgw status gives programs the API's own objects")
    func statusForPrograms() async throws {
        try await ClientWorld.run { world in
            try await world.provisioned(peers: "laptop")
            let gateway = world.gateway.id
            let text = try world.wgw("status", "-o", "json").output
            let json = try #require(
                try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            )
            #expect(json.keys.sorted() == ["gateways", "links", "nodes", "overview", "peers"])
            let peers = try #require(json["peers"] as? [[String: Any]])
            #expect(peers.map { $0["name"] as? String } == ["laptop"])
            let overview = try #require(json["overview"] as? [String: Any])
            #expect(overview["peers_count"] as? Int == 1)
            let lines = try world.wgw("status", "first", "-o", "jsonl").lines
            #expect(lines.count == 3)
            #expect(lines[0].contains(gateway))
            #expect(try world.wgw("status", "-o", "name").status == 2)
            #expect(try world.wgw("status", "nothing").status == 3)
        }
    }

    @Test(
        "wgw peer list finds peers by a text and by their state, and traffic shows what was carried"
    )
    func searchAndTraffic() async throws {
        try await ClientWorld.run { world in
            try await world.provisioned(peers: "laptop", "phone")
            func names(_ options: String...) throws -> [String] {
                try world.require(["peer", "list", "-o", "name"] + options)
                    .split(separator: "\n").map(String.init)
            }
            #expect(try names("--search", "LAP") == ["laptop"])
            #expect(try names("--search", "27.0.3") == ["phone"])
            #expect(try names("--status", "never_connected") == ["laptop", "phone"])
            #expect(try names("--status", "connected", "--search", "p") == [])
            #expect(try world.wgw("peer", "list", "--status", "up").status == 2)
            let table = try world.require("peer", "list", "-o", "csv", "--search", "lap")
            let lines = table.split(separator: "\r\n", omittingEmptySubsequences: false)
            #expect(lines.count == 3 && lines[0].hasPrefix("id,name,address,") && lines[2] == "")
            #expect(lines[1].contains(",laptop,172.27.0.2,"))
            #expect(try world.wgw("peer", "list", "-o", "csv", "-q").status == 2)
            #expect(try world.wgw("gateway", "list", "-o", "csv").status == 2)

            let object = try #require(
                try JSONSerialization.jsonObject(
                    with: Data(
                        try world.wgw("gateway", "traffic", "first", "-o", "json").output.utf8
                    )
                ) as? [String: Any]
            )
            #expect(object["record_type"] as? String == "traffic_history")
            #expect(object["step"] as? Int == 10)
            let early = try world.wgw("peer", "traffic", "laptop")
            #expect(early.status == 0)
            #expect(early.output.hasPrefix("No step has ended since the server began to keep"))
            let refused = try world.wgw("peer", "traffic", "laptop", "--step", "15s")
            #expect(refused.status == 1)
            #expect(refused.output.contains("a multiple of 10"), "\(refused.output)")
            #expect(try world.wgw("peer", "traffic", "tablet").status == 3)
        }
    }

    @Test("wgw wait ends well when a gateway is provisioned, with 7 in time, and with 3 for none")
    func wait() async throws {
        try await ClientWorld.run { world in
            try await world.provisioned(peers: "laptop")
            let gateway = world.gateway.id
            let done = try world.wgw("wait", "gateway", "first", "--for", "provisioned")
            #expect(done.status == 0 && done.output == "Gateway 'first' is provisioned.\n")
            let late = try world.wgw(
                "wait",
                "peer",
                "laptop",
                "--for",
                "handshake",
                "--timeout",
                "1s"
            )
            #expect(late.status == 7)
            #expect(late.output.contains("peer 'laptop' is not connected after 1s"))
            let alone = try world.wgw("wait", "gateway", "none", "--for", "provisioned")
            #expect(alone.status == 3)
            #expect(try world.wgw("wait", "gateway", "x", "--for", "y").status == 2)
            let odd = try world.wgw(
                "wait",
                "peer",
                "laptop",
                "--for",
                "deleted",
                "--timeout",
                "soon"
            )
            #expect(odd.status == 2 && odd.output.contains("write a number and s, m, h or d"))
            let gone = try world.wgw("wait", "peer", "nobody", "--for", "deleted")
            #expect(gone.status == 0, "\(gone.output)")

            let waiting = try world.start(
                "wait",
                "gateway",
                gateway,
                "--for",
                "deleted",
                "-o",
                "json"
            )
            for peer in try world.wgw("peer", "list", "-q").lines {
                _ = try await world.server.api.deletePeer(String(peer))
            }
            #expect(waiting.isRunning)
            _ = try await world.server.api.deleteGateway(gateway)
            #expect(try await waiting.waitForExit() == 0, "\(waiting.errors)")
            #expect(waiting.output.contains(#""id": "\#(gateway)""#), "as it was")
        }
    }

    @Test("wgw top fills a terminal, follows its size and gives it back as it was")
    func top() async throws {
        try await ClientWorld.run { world in
            try await world.provisioned(peers: "laptop", "phone")
            let terminal = try Terminal()
            terminal.resize(columns: 80, rows: 24)
            var before = termios()
            tcgetattr(terminal.far, &before)
            let top = try world.start(on: terminal, ["top", "--interval", "1s"])
            let isShown = try await eventually { terminal.read().contains("s sort (rate)") }
            #expect(isShown, "\(terminal.read())")
            #expect(terminal.read().hasPrefix("\u{1B}[?1049h"))
            #expect(!terminal.read().contains("GATEWAY"))
            terminal.resize(columns: 120, rows: 30)
            kill(top.id, SIGWINCH)
            #expect(try await eventually { terminal.read().contains("GATEWAY") })
            terminal.type("s")
            #expect(try await eventually { terminal.read().contains("s sort (received)") })
            terminal.type("q")
            #expect(top.wait() == 0)
            #expect(try await eventually { terminal.read().hasSuffix("\u{1B}[?1049l") })
            var after = termios()
            tcgetattr(terminal.far, &after)
            #expect(before.c_lflag == after.c_lflag && before.c_iflag == after.c_iflag)
        }
    }

    @Test("wgw top without a terminal says so in one sentence, and prints lines for programs")
    func topForPrograms() async throws {
        try await ClientWorld.run { world in
            try await world.provisioned(peers: "laptop")
            let alone = try world.wgw("top")
            #expect(alone.status == 2 && alone.lines.count == 1)
            #expect(alone.output.contains("-o jsonl"))
            let lines = try world.wgw("top", "-o", "jsonl", "--count", "2", "--interval", "1s")
                .lines
            #expect(lines.count == 4)
            #expect(lines.allSatisfy { $0.contains("\"rx_bytes_per_second\":0") })
            let array = try world.wgw("top", "-o", "json", "--count", "1", "--interval", "1s")
            let list = try JSONSerialization.jsonObject(with: Data(array.output.utf8))
            #expect((list as? [Any])?.count == 2)
            let odd = try world.wgw("top", "-o", "name")
            #expect(odd.status == 2 && odd.output.contains("takes -o jsonl, json, yaml"))
        }
    }
}

extension ClientWorld {
    fileprivate func provisioned(peers: String...) async throws {
        for peer in peers { _ = try await makePeer(peer) }
        let isReady = try await eventually {
            try await server.api.gateway(gateway.id).status == "provisioned"
        }
        #expect(isReady)
    }

    private func plain(_ words: [String]) -> [String] {
        command().prefix(2) + ["NO_COLOR=1", "TERM=xterm"] + command().dropFirst(2) + words
    }

    fileprivate func start(_ words: String...) throws -> BackgroundProcess {
        try BackgroundProcess(command() + words, logs: userFolder, name: "command")
    }

    fileprivate func start(on terminal: Terminal, _ words: [String]) throws -> ChildProcess {
        let far = terminal.far
        return try ChildProcess(plain(words), input: far, output: far, errors: far)
    }

    /// What a command shows on a terminal with this many columns.
    func screen(_ columns: UInt16, _ words: String...) throws -> String {
        let terminal = try Terminal()
        terminal.resize(columns: columns, rows: 24)
        #expect(try start(on: terminal, words).wait() == 0)
        return terminal.read().replacing("\r\n", with: "\n")
            .replacing(/127\.0\.0\.1:\d+/, with: "127.0.0.1:PORT")
            .replacing(/UDP port \d+/, with: "UDP port PORT")
    }
}
