import EndToEndSupport
import Foundation
import FoundationNetworking
import Glibc
import TestSupport
import Testing

/// Where nobody reads what the program writes, it goes on all the same, and a command says so.
@Suite(.timeLimit(.minutes(2)))
struct OutputTests {
    /// What a shell makes of the program's outputs.
    private static let outputs = [
        ">/dev/full 2>/dev/full", ">&- 2>&-", "<&- >&- 2>&-", ">&- 2>/dev/full",
        // Readers that leave before anything was written.
        "> >(exec true) 2> >(exec true)",
    ]

    @Test(
        "a server whose outputs are full or closed answers, and stops when told",
        arguments: outputs
    )
    func server(outputs: String) async throws {
        try await TemporaryDirectory.with { folder in
            let server = try start(
                ["serve", "--data-dir", folder.path + "/data", "--listen", "127.0.0.1:0"]
                    + ["--endpoint-address", "127.0.0.1", "--log-level", "trace"],
                outputs,
                folder
            )
            let isUp = try await eventually {
                ProcessTable.listeningPort(of: server.id) != nil || !server.isRunning
            }
            let port = try #require(isUp ? ProcessTable.listeningPort(of: server.id) : nil)
            let url = try #require(URL(string: "http://127.0.0.1:\(port)/healthz"))
            for _ in 0..<10 { _ = try await URLSession.shared.data(from: url) }
            for descriptor in 0..<3 as Range<Int32> {
                let target = ProcessTable.target(of: descriptor, in: server.id)
                #expect(target.map { !$0.hasPrefix("socket:") && !$0.contains("wgw.db") } == true)
            }
            #expect(try await server.stop() == 0)
        }
    }

    @Test("a hub whose outputs are full or closed runs, and stops when told", arguments: outputs)
    func hub(outputs: String) async throws {
        try await TemporaryDirectory.with { folder in
            let name = "output-\(getpid())-\(UUID().uuidString.prefix(8))"
            let file = folder.appending(path: "\(name).conf")
            let key = "[Interface]\nPrivateKey = 6GvP7Gh1gAMYc0mVvUuEXOzwmCTSAKOmpAhMpCAqIVs=\n"
            try key.write(to: file, atomically: true, encoding: .utf8)
            let hub = try start(["hub", file.path, "--bind-address", "127.0.0.1"], outputs, folder)
            let isUp = try await eventually {
                try Command.run(Program.binary.path, "show", name).status == 0 || !hub.isRunning
            }
            #expect(isUp && hub.isRunning)
            #expect(try await hub.stop() == 0)
        }
    }

    @Test("a reader of the server's log that does not read holds up no request, and no stop")
    func silentReader() async throws {
        try await TemporaryDirectory.with { folder in
            let pipe = Pipe()
            let server = try ChildProcess(
                Program.bareCommand + [
                    "serve", "--data-dir", folder.path + "/data", "--listen", "127.0.0.1:0",
                    "--endpoint-address", "127.0.0.1", "--log-level", "trace",
                ],
                input: FileHandle.nullDevice.fileDescriptor,
                output: pipe.fileHandleForWriting.fileDescriptor,
                errors: pipe.fileHandleForWriting.fileDescriptor
            )
            defer {
                server.send(SIGKILL)
                server.wait()
            }
            let isUp = try await eventually {
                ProcessTable.listeningPort(of: server.id) != nil
            }
            let port = try #require(isUp ? ProcessTable.listeningPort(of: server.id) : nil)
            // Every request is a line with its path: together some times the 64 KiB of a pipe.
            let long = String(repeating: "x", count: 2_000)
            let url = try #require(URL(string: "http://127.0.0.1:\(port)/healthz?\(long)"))
            for _ in 0..<1_000 {
                let (_, response) = try await URLSession.shared.data(from: url)
                #expect((response as? HTTPURLResponse)?.statusCode == 200)
            }
            server.send(SIGTERM)
            let hasEnded = try await eventually { !server.isRunning }
            #expect(hasEnded && server.wait() == 0)
        }
    }

    @Test(
        "a command whose output cannot be written fails with one sentence",
        arguments: ["--help", "--version", "serve --help", "show --help"]
    )
    func command(line: String) throws {
        try expectFailure(of: Program.binary, line)
    }

    @Test(
        "a command of the load generator whose output cannot be written fails with one sentence",
        arguments: ["--help", "--version", "floor --help"]
    )
    func generatorCommand(line: String) throws {
        try expectFailure(of: Program.generator, line)
    }

    private func expectFailure(of program: URL, _ line: String) throws {
        let end = try Command.run("bash", "-c", "'\(program.path)' \(line) >/dev/full")
        #expect(end.status == 1)
        let sentence = "standard output cannot be written: No space left on device"
        #expect(end.output == "\(program.lastPathComponent): \(sentence)\n")
    }

    @Test("a command whose output is read in part ends without a message")
    func head() throws {
        let command = "'\(Program.binary.path)' serve --help | true; echo ${PIPESTATUS[0]}"
        let end = try Command.run("bash", "-c", command)
        // Written before the reader left, or ended by SIGPIPE.
        #expect(["0\n", "141\n"].contains(end.output), "\(end.output)")
    }

    @Test(
        "a command that has asked a server ends without a message, too, where its reader has left"
    )
    func headOfList() async throws {
        try await LoopbackServer.run { server in
            let command = ClientShell(server).command() + ["region", "list"]
            let end = try Command.run(
                ["bash", "-c", #"exec 3> >(exec true); wait $!; "$@" >&3; echo $?"#, "bash"]
                    + command
            )
            #expect(end.output == "141\n", "\(end.output)")
        }
    }

    private func start(_ words: [String], _ outputs: String, _ folder: URL) throws
        -> BackgroundProcess
    {
        try BackgroundProcess(
            ["bash", "-c", "exec \"$0\" \"$@\" \(outputs)"] + Program.bareCommand + words,
            logs: folder,
            name: "program"
        )
    }
}
