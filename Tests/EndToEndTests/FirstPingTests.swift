import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    /// The path of a new user, from an empty folder, as the first screen of README.md has it.
    struct FirstPingTests {
        @Test(
            "four commands lead from an empty folder to a ping between a stock client and wgw connect"
        )
        func fourCommands() async throws {
            try await Stage.with { stage in
                let links = try ["a", "b"].map { try stage.topology.addHost($0) }
                try stage.addDefaultRoute()
                let start = ContinuousClock.now

                let server = try await BackgroundProcess.ready(
                    stage.topology.server.command(stage.command("serve")),
                    logs: stage.folder,
                    name: "server"
                )
                let configs = try ["a", "b"].map { name in
                    try Command.require(
                        stage.topology.server.command(stage.command("peer", "create", name))
                    )
                }
                let stock = try await WireGuardClient(
                    on: links[0],
                    config: ClientConfig(text: configs[0], privateKey: ""),
                    world: stage.label,
                    logs: stage.folder
                )
                defer { stock.stop() }
                let machine = try await ConnectedHost(
                    on: links[1],
                    config: configs[1],
                    world: stage.label,
                    logs: stage.folder
                )
                let address = ClientConfig(text: configs[1], privateKey: "").address
                let reply = try links[0].client.ping(address)

                let elapsed = ContinuousClock.now - start
                print("first ping: \(elapsed.milliseconds) from an empty folder")
                #expect(reply == EchoReply(ttl: 63))
                #expect(elapsed < .seconds(60))
                #expect(try await machine.stop() == 0)
                #expect(try await server.stop() == 0)
            }
        }

        @Test(
            "the commands of README.md's first screen lead to a ping and clean up, after a visit to the portal too",
            arguments: ["", "wgw peer create my-linux -o my-linux.conf"]
        )
        func readme(asThePortalMakesIt: String) async throws {
            try await Stage.with { stage in
                try stage.addDefaultRoute()
                let script = stage.folder.appending(path: "first-screen.sh")
                try Data(try Self.script(for: stage, after: asThePortalMakesIt).utf8).write(
                    to: script
                )
                let result = try Command.run(
                    stage.topology.server.command(["bash", "-eu", script.path])
                )
                #expect(result.status == 0, "\(result.output)")
                #expect(result.output.contains("3 received"), "\(result.output)")
                #expect(result.output.contains("ttl=63"), "\(result.output)")
            }
        }

        /// What a person types, without the first command, which goes on in a terminal of its own. The script
        /// has namespaces and control sockets of its own, as those of this machine may be in use.
        private static func script(for stage: Stage, after command: String) throws -> String {
            let repository = URL(filePath: #filePath).resolvingSymlinksInPath()
                .deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            let text = try String(
                contentsOf: repository.appending(path: "README.md"),
                encoding: .utf8
            )
            let section = try #require(text.firstMatch(of: #/(?s)## The first ping\n(.*?)\n## /#)).1
            var blocks = section.matches(of: #/(?s)```sh\n(.*?)```/#).map { String($0.1) }
            let first = blocks.removeFirst()
            #expect(first == "wgw serve\n")
            return """
                mkdir -p /run/netns /run/wireguard
                mount -t tmpfs none /run/netns
                mount -t tmpfs none /run/wireguard
                cd \(stage.emptyFolder.path)
                ln -s \(repository.path)/scripts scripts
                mkdir bin
                ln -s \(Program.binary.path) bin/wgw
                printf '#!/bin/sh\\nexec "$@"\\n' >bin/sudo
                chmod +x bin/sudo
                export PATH="$PWD/bin:$PATH" HOME="$PWD"
                unset WGW_API_KEY WGW_URL XDG_CONFIG_HOME
                wgw serve >serve.out 2>serve.err &
                trap 'kill $!' EXIT
                until grep -q '\(Program.readyWords)' serve.out; do sleep 0.1; done
                set -x
                \(command)
                \(blocks.joined())
                """
        }
    }
}

extension Stage {
    /// Where the commands are called, and where nothing is at first.
    fileprivate var emptyFolder: URL {
        let folder = folder.appending(path: "empty")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        return folder
    }

    fileprivate func command(_ words: String...) -> [String] {
        [
            "env", "-i", "-C", emptyFolder.path, "PATH=/usr/bin:/bin", "HOME=\(emptyFolder.path)",
            Program.binary.path,
        ] + words
    }

    /// The server finds the address that clients reach it by at the interface of its default route, as on any
    /// machine.
    fileprivate func addDefaultRoute() throws {
        try topology.server.run("ip", "route", "add", "default", "dev", "api")
    }
}
