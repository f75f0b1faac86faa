import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// From nothing to a config, as a new user does it.
@Suite(.timeLimit(.minutes(5)))
struct PeerCreateTests {
    private static let config = """
        # WGW CloudVPN config. Target OS: Linux

        [Interface]
        PrivateKey = KEY
        Address = 172.27.0.2/32

        [Peer]
        PublicKey = KEY
        AllowedIPs = 172.27.0.0/24
        Endpoint = ADDRESS:PORT
        PersistentKeepalive = 25

        """

    @Test(
        "on a new server, peer create makes network, gateway and peer, and prints the complete config"
    )
    func zeroDecisions() async throws {
        try await ClientWorld.empty { world in
            let end = try world.wgw("peer", "create", "laptop")
            #expect(end.status == 0)
            #expect(end.masked == Self.config)
            #expect(try world.wgw("network", "list", "-o", "name").output == "default\n")
            #expect(try world.wgw("gateway", "list", "-o", "name").output == "default\n")
            let key = try #require(end.output.firstMatch(of: /PrivateKey = (\S+)/)?.1)
            let publicKey = try Command.require("wg", "pubkey", input: "\(key)\n")
            let peer = try world.wgw("peer", "get", "laptop", "-o", "json").output
            #expect(peer.contains(publicKey.trimmingCharacters(in: .newlines)))
            #expect(!peer.contains("private_key"))
        }
    }

    @Test(
        "a config goes into a new file that only its owner can read, and into no file that is there"
    )
    func file() async throws {
        try await ClientWorld.empty { world in
            let path = world.userFolder.appending(path: "laptop.conf").path
            let end = try world.wgw("peer", "create", "laptop", "-o", path)
            #expect(end.status == 0)
            #expect(end.output.contains("sudo wg-quick up \(path)\n"))
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(try String(contentsOfFile: path, encoding: .utf8).contains("PrivateKey"))

            let again = try world.wgw("peer", "create", "tablet", "-o", path)
            #expect(again.status == 5)
            #expect(
                again.output
                    == "wgw: \(path) exists; choose another name, or replace it with --force\n"
            )
            #expect(try world.wgw("peer", "list", "-o", "name").output == "laptop\n")
            let forced = try world.wgw("peer", "create", "phone", "-o", path, "--force")
            #expect(forced.status == 0)
            #expect(try String(contentsOfFile: path, encoding: .utf8).contains("172.27.0.3"))
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: world.userFolder.path)
                    .filter { $0.hasPrefix("laptop") } == ["laptop.conf"]
            )
            let device = try world.wgw("peer", "create", "tablet", "-o", "/dev/null", "--force")
            #expect(device.status == 5)
            #expect(device.output.contains("/dev/null is not a regular file"), "\(device.output)")

            let typo = try world.wgw("peer", "create", "tablet", "-o", "jsn")
            #expect(typo.status == 2)
            #expect(typo.output.contains("'json' is the nearest"))
        }
    }

    @Test("where there are several networks or gateways, each is listed with its command")
    func severalPlaces() async throws {
        try await ClientWorld.run { world in
            try world.require("gateway", "create", "second", "--network", "office")
            let gateways = try world.wgw("peer", "create", "my laptop")
            #expect(gateways.status == 5)
            #expect(
                gateways.output == """
                    wgw: there are 2 gateways; say which:
                      wgw peer create 'my laptop' --gateway first
                      wgw peer create 'my laptop' --gateway second

                    """
            )
            try world.require("network", "create", "branch")
            let networks = try world.wgw("peer", "create", "laptop")
            #expect(networks.status == 5)
            #expect(networks.lines.dropFirst().first == "  wgw peer create laptop --network office")
            let placed = try world.wgw("peer", "create", "laptop", "--region", "local")
            #expect(
                placed.lines.dropFirst().first
                    == "  wgw peer create laptop --network office --region local"
            )
            let made = try world.wgw("peer", "create", "laptop", "--network", "branch")
            #expect(made.status == 0)
            #expect(
                try world.wgw("gateway", "list", "--network", "branch", "-o", "name").output
                    == "branch\n"
            )
        }
    }

    @Test(
        "a command that could not print its config is finished by the same command, with one peer"
    )
    func interrupted() async throws {
        try await ClientWorld.run { world in
            let words = world.command() + ["peer", "create", "laptop"]
            let shell = words.map { "'\($0)'" }.joined(separator: " ")
            let lost = try Command.run("sh", "-c", shell + " >/dev/full")
            #expect(lost.status == 1)
            let before = try world.wgw("peer", "list", "-q").output
            #expect(before.split(separator: "\n").count == 1)

            let end = try world.wgw("peer", "create", "laptop")
            #expect(end.status == 0)
            #expect(end.masked == Self.config)
            #expect(try world.wgw("peer", "list", "-q").output == before)

            let third = try world.wgw("peer", "create", "laptop")
            #expect(third.status == 5)
            #expect(third.output.contains("this gateway has a peer named 'laptop'"))
        }
    }

    @Test("JSON of a new peer has its private key and its config as the API has them")
    func json() async throws {
        try await ClientWorld.run { world in
            for words in [["laptop"], ["phone", "--server-key"]] {
                let end = try world.run(["peer", "create"] + words + ["-o", "json"])
                let object = try JSONSerialization.jsonObject(with: Data(end.output.utf8))
                let peer = try #require(object as? [String: Any])
                let key = try #require(peer["private_key"] as? String)
                #expect((peer["config"] as? String)?.contains("PrivateKey = \(key)\n") == true)
            }
        }
    }

    @Test("a new key pair for a peer is printed as a config, and the old one is gone")
    func newKey() async throws {
        try await ClientWorld.run { world in
            try world.require("peer", "create", "laptop")
            let first = try world.wgw("peer", "get", "laptop", "-o", "json").output
            let end = try world.wgw("peer", "update", "laptop", "--new-key")
            #expect(end.masked == Self.config)
            #expect(try world.wgw("peer", "get", "laptop", "-o", "json").output != first)
            let path = world.userFolder.appending(path: "new.conf").path
            let kept = try world.wgw("peer", "update", "laptop", "--new-key", "-o", path)
            #expect(kept.status == 0, "\(kept.output)")
            #expect(
                kept.output.hasPrefix("peer 'laptop' has a new key pair: 172.27.0.2 at gateway")
            )
            let config = try String(contentsOfFile: path, encoding: .utf8)
            #expect(config.contains("[Peer]") && !config.contains("<!"))
            let second = try world.wgw("peer", "get", "laptop", "-o", "json").output
            let again = try world.wgw("peer", "update", "laptop", "--new-key", "-o", path)
            #expect(again.status == 5, "the file is there")
            #expect(try world.wgw("peer", "get", "laptop", "-o", "json").output == second)
            let nothing = try world.wgw("peer", "update", "laptop")
            #expect(nothing.status == 2)
        }
    }
}
