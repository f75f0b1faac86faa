import EndToEndSupport
import Foundation
import Glibc
import TestSupport
import Testing

/// `wgw export` and `wgw apply` against a real server.
struct ApplyTests {
    private static let declaration = """
        version: 1
        networks:
        - name: office
          address_block: 10.20.0.0/16
        gateways:
        - name: berlin
          network: office
          region_code: local
          mtu: 1400
        peers:
        - name: laptop
          gateway: berlin
          public_key: XWpmhCG7yXPfvNT9HLwUYRIJPmXFfrCUHxSBSPoqpUo=
          preshared_key: true
        - name: phone
          gateway: berlin
          persistent_keepalive: 25
        """

    @Test("a declaration is shown as a difference, carried out, and has nothing to do after that")
    func applyTwice() async throws {
        try await LoopbackServer.run { server in
            let shell = ClientShell(server)
            let file = try shell.write(Self.declaration, to: "net.yaml")
            let difference = """
                + network office
                    address_block: 10.20.0.0/16
                + gateway berlin of network office
                    region_code: local
                    mtu: 1400
                + peer laptop of gateway berlin
                    public_key: XWpmhCG7yXPfvNT9HLwUYRIJPmXFfrCUHxSBSPoqpUo=
                    preshared_key: (secret)
                + peer phone of gateway berlin
                    persistent_keepalive: 25
                4 to make. Nothing was changed.

                """
            let dry = try shell.run("apply", "-f", file, "--dry-run", "--configs", "configs")
            #expect(dry == .init(status: 0, output: difference, errors: ""))
            #expect(try shell.run("network", "list", "-o", "name").output == "")
            #expect(!shell.exists("configs"))

            let first = try shell.run("apply", "-f", file, "--configs", "configs")
            #expect(
                first.output == """
                    + network office
                    + gateway berlin of network office
                    + peer laptop of gateway berlin
                    + peer phone of gateway berlin (config: configs/phone.conf)
                    4 changes are made.

                    """,
                "\(first)"
            )
            let second = try shell.run("apply", "-f", file, "--configs", "configs")
            #expect(second.status == 0)
            #expect(second.output == "Nothing to do: 4 objects are as \(file) declares.\n")

            let config = try shell.read("configs/phone.conf")
            #expect(config.contains("[Peer]") && !config.contains("<!"))
            #expect(try shell.mode("configs/phone.conf") == 0o600)
        }
    }

    @Test("what is exported is the same after it was applied, and makes a copy of the server")
    func exportRoundTrip() async throws {
        try await LoopbackServer.run { server in
            let shell = ClientShell(server)
            let file = try shell.write(Self.declaration, to: "net.yaml")
            _ = try shell.run("apply", "-f", file, "--configs", "configs")
            let export = try shell.run("export")
            #expect(export.status == 0)
            let json = try shell.run("export", "-o", "json")
            for text in [export.output, json.output] {
                let again = try shell.run("apply", "-f", "-", "--prune", input: text)
                #expect(
                    again.output == "Nothing to do: 4 objects are as standard input declares.\n",
                    "\(again)"
                )
            }
            #expect(!export.output.contains("preshared_key"))
            let secrets = try shell.run("export", "--secrets").output
            #expect(secrets.contains("preshared_key: "))
            try await LoopbackServer.run { other in
                let copy = ClientShell(other)
                let applied = try copy.run("apply", "-f", "-", input: secrets)
                #expect(applied.status == 0, "\(applied)")
                #expect(try copy.run("export", "--secrets").output == secrets)
                #expect(try copy.run("apply", "-f", "-", input: secrets).status == 0)
                let states = try copy.run("peer", "list", "--columns", "config", "--no-header")
                #expect(states.output == "never fetched\nnever fetched\n", "no device has them")
            }
        }
    }

    @Test(
        "a declared default gateway is made, moves to another peer and is taken away, and keys stay"
    )
    func defaultGateway() async throws {
        try await LoopbackServer.run { server in
            let shell = ClientShell(server)
            func apply(_ text: String) throws -> String {
                let file = try shell.write(text, to: "net.yaml")
                return try shell.run("apply", "-f", file, "--configs", "configs").output
            }
            let part = "\n  is_default_gateway: true"
            let keyLine = "preshared_key: true"
            let phone = Self.declaration + part
            #expect(try apply(phone).contains("4 changes are made."))
            #expect(try shell.run("export").output.contains("is_default_gateway: true"))
            let keys = try shell.run("peer", "list", "--columns", "public-key").output

            let laptop = Self.declaration.replacing(keyLine, with: keyLine + part)
            #expect(
                try apply(laptop) == """
                    ~ peer laptop of gateway berlin
                    1 change is made.

                    """
            )
            let next = try shell.run("network", "default-gateway", "office", "-o", "json").output
            let id = try shell.run("peer", "get", "laptop", "-q").output
            #expect(next.contains(id.trimmingCharacters(in: .whitespacesAndNewlines)))
            #expect(try apply(laptop).hasPrefix("Nothing to do"))

            let none = laptop.replacing("gateway: true", with: "gateway: false")
            #expect(try apply(none).contains("1 change is made."))
            #expect(try shell.run("network", "default-gateway", "office").status == 3)
            #expect(try shell.run("peer", "list", "--columns", "public-key").output == keys)
        }
    }

    @Test("a key that may only look is shown the difference, and that the file was not checked")
    func viewer() async throws {
        try await LoopbackServer.run { server in
            let shell = ClientShell(server)
            let file = try shell.write(Self.declaration, to: "net.yaml")
            let key = try shell.run("key", "create", "ci", "--role", "viewer", "-q").output
            _ = try shell.write(key, to: "key")
            let dry = try shell.run("apply", "-f", file, "--dry-run", "--configs", "configs")
            let seen = try shell.run(
                "apply",
                "-f",
                file,
                "--dry-run",
                "--configs",
                "configs",
                "--api-key-file",
                "key"
            )
            #expect(seen.status == 0, "\(seen)")
            #expect(seen.output == dry.output)
            #expect(seen.errors.contains("the server has not checked the file"), "\(seen)")
        }
    }

    @Test("members are changed in place, and what is not declared goes only where --prune says so")
    func changeAndPrune() async throws {
        try await LoopbackServer.run { server in
            let shell = ClientShell(server)
            let file = try shell.write(Self.declaration, to: "net.yaml")
            _ = try shell.run("apply", "-f", file, "--configs", "configs")
            let before = try shell.run("peer", "get", "laptop", "-q").output
            let changed = Self.declaration.replacing("mtu: 1400", with: "mtu: 1380")
                .replacing("name: laptop", with: "name: notebook")
            let shorter = String(
                changed[
                    ..<(changed.firstRange(of: "- name: phone")?.lowerBound ?? changed.endIndex)
                ]
            )
            _ = try shell.write(shorter, to: "net.yaml")

            let dry = try shell.run("apply", "-f", file, "--dry-run")
            #expect(
                dry.output == """
                    ~ gateway berlin of network office
                        mtu: 1400 → 1380
                    ~ peer notebook of gateway berlin
                        name: laptop → notebook
                    1 object that the file does not name stays; --prune deletes what the file's lists do not name:
                        peer phone of gateway berlin
                    2 to change. Nothing was changed.

                    """
            )
            let refused = try shell.run("apply", "-f", file, "--prune")
            #expect(refused.status == 2)
            #expect(refused.errors.contains("--yes"))
            let done = try shell.run("apply", "-f", file, "--prune", "--yes")
            #expect(
                done.output == """
                    ~ gateway berlin of network office
                    ~ peer notebook of gateway berlin
                    - peer phone of gateway berlin
                    3 changes are made.

                    """,
                "\(done)"
            )
            #expect(try shell.run("peer", "get", "notebook", "-q").output == before)
            #expect(try shell.run("peer", "list", "-o", "name").output == "notebook\n")
        }
    }

    @Test("a declaration with mistakes is refused with file and line of each, and changes nothing")
    func mistakes() async throws {
        try await LoopbackServer.run { server in
            let shell = ClientShell(server)
            let text = """
                version: 1
                networks:
                - name: office
                  colour: blue
                gateways:
                - name: berlin
                  network: offic
                  region_code: locl
                  mtu: 12
                peers:
                - name: phone
                  gateway: berlin
                """
            let file = try shell.write(text, to: "net.yaml")
            let result = try shell.run("apply", "-f", file)
            #expect(result.status == 1)
            #expect(result.output == "")
            #expect(
                result.errors == """
                    wgw: \(file) has 5 mistakes, and nothing was changed:
                      \(file):4: networks[0].colour is not a member of a network; there are: name, \
                    address_block, id
                      \(file):7: gateways[0].network names no network of the file or the server; 'office' is \
                    the nearest
                      \(file):8: gateways[0].region_code is none of this server's; 'local' is the nearest
                      \(file):9: gateways[0].mtu must be from 1280 to 9200
                      \(file):11: peer phone of gateway berlin has no public_key; declare one, or name a folder \
                    with --configs, in which its key is made and its config is written

                    """
            )
            let sound = text.replacing("  colour: blue\n", with: "").replacing(
                "offic\n",
                with: "office\n"
            )
            .replacing("  mtu: 12\n", with: "")
            _ = try shell.write(sound, to: "net.yaml")
            let second = try shell.run("apply", "-f", file)
            #expect(second.status == 1)
            #expect(
                second.errors == """
                    wgw: \(file) has 2 mistakes, and nothing was changed:
                      \(file):7: gateways[0].region_code is none of this server's; 'local' is the nearest
                      \(file):9: peer phone of gateway berlin has no public_key; declare one, or name a folder \
                    with --configs, in which its key is made and its config is written

                    """
            )
            #expect(try shell.run("network", "list", "-o", "name").output == "")
            #expect(try shell.run("apply", "-f", "missing.yaml").status == 1)
        }
    }

    @Test("mistakes of a file are told where the server is not reached")
    func mistakesWithoutServer() throws {
        try TemporaryDirectory.with { folder in
            let shell = ClientShell(url: "http://127.0.0.1:9", folder: folder)
            let broken = try shell.run("apply", "-f", "-", input: "version: 2")
            #expect(broken.status == 1)
            #expect(broken.errors.contains("  standard input:1: the version must be 1"))
            let sound = try shell.run("apply", "-f", "-", input: "version: 1")
            #expect(sound.status == 6)
        }
    }

    @Test("an apply that is killed at any point is finished by the next one, and loses no key")
    func killed() async throws {
        try await LoopbackServer.run { server in
            let shell = ClientShell(server)
            let names = (0..<40).map { "peer-\($0)" }
            let file = try shell.write(OneGateway.declaration(peers: names), to: "net.yaml")
            var isDone = false
            var kills = 0
            while !isDone {
                let process = try shell.start("apply", "-f", file, "--configs", "configs")
                // The first line tells that it is in the middle; a number of them, where it is killed.
                let wanted = 2 + kills * 7
                _ = try await eventually {
                    process.output.count { $0 == "\n" } >= wanted || !process.isRunning
                }
                isDone = !process.isRunning
                if !isDone {
                    process.kill()
                    kills += 1
                }
            }
            #expect(kills >= 1)
            let peers = try shell.run("peer", "list", "-o", "name").output.split(separator: "\n")
            #expect(peers.map(String.init) == names)
            for name in names {
                let config = try shell.read("configs/\(name).conf")
                #expect(config.contains("[Peer]") && !config.contains("<!"), "\(name)")
                let key = try #require(config.firstMatch(of: /PrivateKey = (.*)/)).1
                let publicKey = try Command.require("wg", "pubkey", input: "\(key)\n")
                    .trimmingCharacters(in: .whitespacesAndNewlines)
                let shown = try shell.run("peer", "get", name, "-o", "json").output
                #expect(shown.contains(#""public_key": "\#(publicKey)""#), "\(name)")
            }
        }
    }
}
