import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// What the command line sets of a peer's and a gateway's place in the tunnel.
@Suite(.timeLimit(.minutes(2)))
struct AddressOptionTests {
    private static let columns = "name,address,allowed-ips"

    @Test("a peer gets the address and the networks that a command names, and keeps the others")
    func peer() async throws {
        try await ClientWorld.run { world in
            try world.require(
                "peer",
                "create",
                "router",
                "--address",
                "172.27.0.9",
                "--allowed-ips",
                "192.168.10.0/24, fd00:10::/64"
            )
            try world.require("peer", "create", "laptop")
            #expect(
                try world.require("peer", "list", "--columns", Self.columns) == """
                    NAME    ADDRESS     ALLOWED IPS
                    router  172.27.0.9  192.168.10.0/24, fd00:10::/64
                    laptop  172.27.0.2  -

                    """
            )
            #expect(try world.require("peer", "list", "-o", "wide").contains("ALLOWED IPS"))
            try world.require("peer", "update", "router", "--address", "172.27.0.7")
            try world.require("peer", "update", "laptop", "--allowed-ips", "192.168.20.0/24")
            #expect(
                try world.require("peer", "list", "--columns", Self.columns, "--no-header") == """
                    router  172.27.0.7  192.168.10.0/24, fd00:10::/64
                    laptop  172.27.0.2  192.168.20.0/24

                    """
            )
            try world.require("peer", "update", "router", "--allowed-ips", "none")
            #expect(
                try world.require("peer", "get", "router").contains(/allowed-ips: +-\n/)
            )
        }
    }

    @Test("an address that is none, or is taken, is one error, and changes nothing")
    func refusedAddress() async throws {
        try await ClientWorld.run { world in
            _ = try await world.makePeer("laptop")
            let malformed: [([String], String)] = [
                (["--address", "172.27.0.2/24"], "write an IPv4 address like"),
                (["--allowed-ips", "192.168.10.1/24"], "write networks like"),
                (["--allowed-ips", "192.168.10.0/24,"], "write networks like"),
            ]
            for (words, advice) in malformed {
                let end = try world.run(["peer", "create", "phone"] + words)
                #expect(end.status == 2)
                #expect(end.output.contains(advice), "\(end.output)")
                #expect(end.lines.count == 1)
            }
            let outside = try world.wgw("peer", "create", "phone", "--address", "10.1.2.3")
            #expect(outside.status == 1 && outside.lines.count == 1, "\(outside.output)")
            let taken = try world.wgw("peer", "create", "phone", "--address", "172.27.0.2")
            #expect(taken.status == 5 && taken.lines.count == 1, "\(taken.output)")
            #expect(taken.output.hasPrefix("wgw: --address is the address of peer 'laptop'"))
            let routed = try world.wgw(
                "peer",
                "create",
                "phone",
                "--allowed-ips",
                "192.168.10.0/24,172.27.0.0/30"
            )
            #expect(routed.status == 5)
            #expect(routed.output.hasPrefix("wgw: value 2 of --allowed-ips contains 172.27.0.1"))
            let slow = try world.wgw("peer", "create", "phone", "--keepalive", "70000")
            #expect(slow.output == "wgw: --keepalive must be from 0 to 65535\n")
            #expect(try world.require("peer", "list", "-o", "name") == "laptop\n")
        }
    }

    @Test("a gateway takes the place of another server, with its key from a file")
    func gateway() async throws {
        try await ClientWorld.run { world in
            let key = try Command.require("wg", "genkey")
            let file = world.userFolder.appending(path: "server.key")
            try "\n\(key)\n".write(to: file, atomically: true, encoding: .utf8)
            let made = try world.require(
                "gateway",
                "create",
                "old",
                "--network",
                "office",
                "--private-key",
                file.path,
                "--listen-port",
                "51820",
                "--server-ip-address",
                "172.27.9.254/24"
            )
            let publicKey = try Command.require("wg", "pubkey", input: key)
            #expect(made.contains(publicKey.trimmingCharacters(in: .newlines)))
            #expect(made.contains(/endpoint: +127\.0\.0\.1:51820\n/))
            #expect(made.contains(/address: +172\.27\.9\.254\/24\n/))
            #expect(!made.contains(key.trimmingCharacters(in: .newlines)))

            try "no key\n".write(to: file, atomically: true, encoding: .utf8)
            let command = ["gateway", "create", "other", "--network", "office"]
            let unread = try world.run(command + ["--private-key", file.path])
            #expect(unread.status == 2)
            #expect(
                unread.output.contains("must hold a WireGuard key, 44 base64 characters"),
                "\(unread.output)"
            )
            let short = try world.run(command + ["--server-ip-address", "172.27.8.1"])
            #expect(short.status == 2 && short.output.contains("write an address and a length"))
            #expect(try world.require("gateway", "list", "-o", "name") == "first\nold\n")
        }
    }

    @Test("a gateway's name, MTU and keepalive are changed, each by itself")
    func gatewayUpdate() async throws {
        try await ClientWorld.run { world in
            let columns = ["--columns", "name,mtu,keepalive", "--no-header"]
            try world.require("gateway", "update", "first", "--mtu", "1380")
            #expect(try world.require(["gateway", "list"] + columns) == "first  1380  -\n")
            try world.require("gateway", "update", "first", "--keepalive", "0")
            #expect(try world.require(["gateway", "list"] + columns) == "first  1380  0\n")
            try world.require("gateway", "update", "first", "--name", "main")
            #expect(try world.require(["gateway", "list"] + columns) == "main  1380  0\n")
            let nothing = try world.wgw("gateway", "update", "main")
            let options = "--name, --mtu, --keepalive, --services or --enable-sip-trunking"
            #expect(nothing.status == 2 && nothing.output.contains(options))
        }
    }

    @Test("a name that bash would run as a command is not among the completions")
    func completion() async throws {
        try await ClientWorld.run { world in
            for name in ["lamp", "la$(id)", "la`id`", "la;id", "lärm"] {
                _ = try await world.makePeer(name)
            }
            let question = ["---completion", "peer", "get", "--", "positional@0", "3", "2"]
            let names = try world.run(question + ["wgw", "peer", "get", "la"])
            #expect(names.lines == ["lamp"], "\(names.output)")
            let others = try world.run(question + ["wgw", "peer", "get", "lä"])
            #expect(others.lines == ["lärm"], "\(others.output)")
        }
    }
}
