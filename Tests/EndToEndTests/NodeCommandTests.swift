import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// What admins do to nodes and regions, by the real program.
@Suite(.timeLimit(.minutes(5)))
struct NodeCommandTests {
    @Test("nodes are made, given a new token, changed, drained and deleted by name")
    func nodes() async throws {
        try await ClientWorld.run { world in
            let made = try world.wgw(
                "node",
                "create",
                "edge",
                "--region",
                "local",
                "--endpoint-address",
                "198.51.100.7",
                "--port-range",
                "6000-6009"
            )
            #expect(made.status == 0, "\(made.output)")
            #expect(
                made.masked.replacing(/wgw-join-1\S+/, with: "TOKEN") == """
                    name:           edge
                    regions:        local
                    state:          joining
                    address:        198.51.100.7
                    gateways:       0
                    last-seen:      -
                    load:           -
                    ports:          6000-6009
                    version:        -
                    revision:       -
                    since:          TIME
                    token-ends:     TIME
                    second-session: -
                    id:             ID
                    created:        TIME
                    join token:     TOKEN

                    """
            )
            let list = try world.wgw("node", "list")
            #expect(list.output.contains("embedded") && list.output.contains("connected"))
            #expect(!list.output.contains("wgw-join"))
            let token = try world.require("node", "token", "edge", "--expires", "1h", "-q")
            #expect(token.hasPrefix("wgw-join-1."))
            #expect(try world.wgw("node", "token", "edge", "--expires", "2d").status == 2)
            let moved = try world.wgw(
                "node",
                "update",
                "edge",
                "--endpoint-address",
                "edge.example.com"
            )
            #expect(moved.output.contains("edge.example.com"))
            #expect(try world.wgw("node", "update", "edge").status == 2)
            #expect(try world.wgw("node", "update", "edge", "--port-range", "9-1").status == 2)
            #expect(try world.wgw("node", "drain", "edge").output.contains("joining, draining"))
            #expect(!(try world.wgw("node", "drain", "edge", "--undo").output.contains("draining")))
            let twice = try world.wgw(
                "node",
                "create",
                "edge",
                "--region",
                "local",
                "--endpoint-address",
                "192.0.2.1"
            )
            #expect(twice.status == 5, "\(twice.output)")
            #expect(try world.wgw("node", "delete", "--yes", "embedded").status == 5)
            #expect(
                try world.require("node", "delete", "--yes", "edge") == "node 'edge' is deleted\n"
            )
            #expect(try world.wgw("node", "get", "edge").status == 3)
        }
    }

    @Test(
        "a person who makes a node reads what to run on its machine, and that a token leads nowhere"
    )
    func nextCommand() async throws {
        try await LoopbackServer.run { server in
            let terminal = try Terminal()
            terminal.resize(columns: 80, rows: 24)
            let process = try ChildProcess(
                ClientShell(server).command() + [
                    "node", "create", "edge one", "--region", "local", "--endpoint-address",
                    "192.0.2.1",
                ],
                input: terminal.far,
                output: terminal.far,
                errors: terminal.far
            )
            #expect(process.wait() == 0)
            let screen = terminal.read()
            let token = try #require(screen.firstMatch(of: /wgw-join-1\S+/)).0
            #expect(screen.contains("\r\n  wgw node --join \(token)\r\n"), "\(screen)")
            #expect(screen.contains("finds itself and not this server"))
            #expect(screen.contains("\r\n  wgw node token 'edge one'\r\n"))
        }
    }

    @Test("regions are made, changed and deleted by their codes")
    func regions() async throws {
        try await ClientWorld.run { world in
            let made = try world.wgw("region", "create", "frankfurt-de", "--area", "EMEA")
            #expect(made.status == 0, "\(made.output)")
            #expect(made.output.contains("Frankfurt, DE"))
            #expect(try world.require("region", "list", "-o", "name") == "local\n")
            #expect(
                try world.require("region", "list", "--all", "-o", "name")
                    == "local\nfrankfurt-de\n"
            )
            let changed = try world.wgw("region", "update", "frankfurt-de", "--name", "Main")
            #expect(changed.output.contains("Main"))
            #expect(try world.wgw("region", "get", "frankfurt-de").output.contains("EMEA"))
            #expect(try world.wgw("region", "update", "frankfurt-de").status == 2)
            #expect(try world.wgw("region", "create", "x", "--area", "MOON").status == 2)
            #expect(try world.wgw("region", "create", "frankfurt-de").status == 5)
            #expect(try world.wgw("region", "get", "pluto").status == 3)
            let gone = try world.require("region", "delete", "--yes", "frankfurt-de")
            #expect(gone == "region 'frankfurt-de' is deleted\n")
        }
    }

    @Test("a gateway is not moved to a node that no machine has joined")
    func move() async throws {
        try await ClientWorld.run { world in
            _ = try world.require(
                "node",
                "create",
                "edge",
                "--region",
                "local",
                "--endpoint-address",
                "192.0.2.1"
            )
            _ = try world.require("gateway", "create", "entry", "--network", "office")
            let refused = try world.wgw("gateway", "move", "entry", "--node", "edge")
            #expect(refused.status != 0)
            #expect(refused.output.contains("is a node that has not joined yet"))
            let stays = try world.wgw("gateway", "move", "entry", "--node", "embedded")
            #expect(stays.status == 0, "\(stays.output)")
        }
    }
}
