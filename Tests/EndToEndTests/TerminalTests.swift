import EndToEndSupport
import Foundation
import Glibc
import TestSupport
import Testing

/// What only a person at a terminal sees: questions, colours, and the note of what is waited for.
@Suite(.timeLimit(.minutes(2)))
struct TerminalTests {
    @Test("wgw apply shows in colours what it would delete, asks, and does it for a yes only")
    func question() async throws {
        try await LoopbackServer.run { server in
            let shell = ClientShell(server)
            let file = try shell.write(
                OneGateway.declaration(peers: ["laptop", "phone"]),
                to: "net.yaml"
            )
            #expect(try shell.run("apply", "-f", file, "--configs", "c").status == 0)
            _ = try shell.write(OneGateway.declaration(peers: ["laptop"]), to: "net.yaml")
            let apply = ["apply", "-f", file, "--prune", "--configs", "c"]

            let deletion = "- peer phone of gateway berlin"
            let refused = try await Asked(shell, apply, answer: "no")
            #expect(refused.status == 1)
            #expect(refused.screen.contains("\u{1B}[31m\(deletion)\u{1B}[0m"), "\(refused.screen)")
            #expect(refused.screen.contains("nothing was changed, as the answer was not yes"))
            let long = try await Asked(shell, apply, answer: String(repeating: "y", count: 300))
            #expect(long.status == 1)
            #expect(try shell.run("peer", "list", "-o", "name").output == "laptop\nphone\n")

            let plain = try await Asked(shell, apply, environment: ["NO_COLOR=1"], answer: "yes")
            #expect(plain.status == 0)
            #expect(plain.screen.contains(deletion) && !plain.screen.contains("\u{1B}"))
            #expect(plain.screen.contains("1 change is made."))
            #expect(try shell.run("peer", "list", "-o", "name").output == "laptop\n")
        }
    }

    @Test("what goes with a gateway is told before it is deleted, and a person is asked")
    func gatewayDeletion() async throws {
        try await LoopbackServer.run { server in
            let shell = ClientShell(server)
            let file = try shell.write(
                OneGateway.declaration(peers: ["laptop", "phone"]),
                to: "net.yaml"
            )
            #expect(try shell.run("apply", "-f", file, "--configs", "c").status == 0)
            let empty = try shell.write(
                "version: 1\nnetworks:\n- name: office\n- name: lab\ngateways: []\n",
                to: "empty.yaml"
            )
            let plan = """
                + network lab
                - gateway berlin of network office and its 2 peers
                    - peer laptop of gateway berlin
                    - peer phone of gateway berlin
                1 to make, 1 with 2 peers to delete.
                """
            let dry = try shell.run("apply", "-f", empty, "--prune", "--dry-run")
            #expect(dry.output == plan + " Nothing was changed.\n", "\(dry)")
            let apply = ["apply", "-f", empty, "--prune"]
            let asked = try await Asked(shell, apply, environment: ["NO_COLOR=1"], answer: "n")
            #expect(
                asked.screen.replacing("\r\n", with: "\n").contains(plan + " Go on? [y/N] "),
                "\(asked.screen)"
            )

            let delete = ["gateway", "delete", "berlin"]
            let refused = try await Asked(shell, delete, answer: "no")
            #expect(refused.status == 1)
            #expect(refused.screen.contains("Delete gateway 'berlin' and its 2 peers? [y/N] "))
            #expect(try shell.run("peer", "list", "-o", "name").output == "laptop\nphone\n")
            let done = try await Asked(shell, delete, answer: "y")
            #expect(done.status == 0)
            #expect(
                done.screen.contains("gateway 'berlin' and its 2 peers are deleted"),
                "\(done.screen)"
            )
            #expect(try shell.run("peer", "list", "-o", "name").output == "")
        }
    }

    @Test("what keeps an object from being deleted is told with the question")
    func obstacles() async throws {
        try await LoopbackServer.run { server in
            let shell = ClientShell(server)
            let file = try shell.write(OneGateway.declaration(peers: []), to: "net.yaml")
            #expect(try shell.run("apply", "-f", file).status == 0)
            #expect(try shell.run("region", "create", "mars").status == 0)
            let node = try shell.run(
                "node",
                "create",
                "edge",
                "--region",
                "mars",
                "--endpoint-address",
                "192.0.2.1"
            )
            #expect(node.status == 0)
            let questions = [
                (["network", "office"], "Delete network 'office' (gateway 'berlin' is in it"),
                (["node", "embedded"], "(its gateway is to be moved or deleted first)? [y/N] "),
                (["node", "edge"], "Delete node 'edge'? [y/N] "),
                (["region", "mars"], "Delete region 'mars' (node 'edge' is in it, to be deleted"),
                (["region", "local"], "(node 'embedded' and gateway 'berlin' are in it"),
            ]
            for (words, question) in questions {
                let asked = try await Asked(shell, [words[0], "delete", words[1]], answer: "n")
                let screen = asked.screen.replacing("\r\n", with: "")
                #expect(asked.status == 1 && screen.contains(question), "\(screen)")
            }
        }
    }

    @Test("what a command waits for is shown after a second, on a terminal and nowhere else")
    func waitingNote() async throws {
        try await TemporaryDirectory.with { folder in
            let silent = try SilentServer()
            let shell = ClientShell(url: silent.url, folder: folder)
            let terminal = try Terminal()
            let process = try ChildProcess(
                shell.command() + ["peer", "list"],
                input: terminal.far,
                output: terminal.far,
                errors: terminal.far
            )
            let piped = try shell.start("peer", "list")
            let isShown = try await eventually {
                terminal.read().contains("waiting for \(silent.url)")
            }
            #expect(isShown, "\(terminal.read())")
            process.send(SIGTERM)
            process.wait()
            #expect(piped.errors == "")
        }
    }
}

/// A command that asked on a terminal, and was answered.
private struct Asked {
    let status: Int32
    let screen: String

    init(
        _ shell: ClientShell,
        _ words: [String],
        environment: [String] = [],
        answer: String
    ) async throws {
        let terminal = try Terminal()
        terminal.resize(columns: 80, rows: 24)
        let process = try ChildProcess(
            shell.command(environment) + words,
            input: terminal.far,
            output: terminal.far,
            errors: terminal.far
        )
        let isAsked = try await eventually {
            terminal.read().contains("[y/N] ") || !process.isRunning
        }
        #expect(isAsked, "\(terminal.read())")
        terminal.type(answer + "\n")
        status = process.wait()
        screen = terminal.read()
    }
}

/// Takes connections, and answers none.
private final class SilentServer {
    let url: String
    private let descriptor: Int32

    init() throws {
        let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listening, pointer, length) == 0 && listen(listening, 8) == 0
                    && getsockname(listening, pointer, &length) == 0
            }
        }
        guard isBound else { throw Command.Failure(description: "no socket on loopback") }
        descriptor = listening
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
    }

    deinit { close(descriptor) }
}
