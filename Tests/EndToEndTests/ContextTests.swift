import EndToEndSupport
import Foundation
import Glibc
import TestSupport
import Testing

/// Servers that have a name: which one is asked, and how its key and its certificate are kept.
@Suite(.timeLimit(.minutes(5)))
struct ContextTests {
    @Test("a context that is added is in use, and its file can be read by its owner only")
    func add() async throws {
        try await ClientWorld.run { world in
            let url = world.server.base.absoluteString
            let added = try world.bare(
                ["context", "add", "work", "--url", url],
                input: Program.apiKey + "\n"
            )
            #expect(added.status == 0)
            #expect(try world.bare(["gateway", "list", "-o", "name"]).output == "first\n")
            let file = world.userFolder.appending(path: ".config/wgw/contexts.json").path
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let list = try world.bare(["context", "list"])
            #expect(list.output.contains("*  work  \(url)"))
            #expect(!list.output.contains(Program.apiKey))

            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
            let refused = try world.bare(["gateway", "list"])
            #expect(refused.status == 1)
            #expect(refused.output.contains("may be read by others"))
            #expect(refused.output.contains("chmod 600"))
        }
    }

    @Test("contexts behind a link stay there, and a key that is none is told with its file")
    func fileOfContexts() async throws {
        let folder = try TemporaryDirectory()
        func wgw(_ words: String..., input: String? = nil) throws -> Command.Result {
            let environment = ["env", "-i", "HOME=\(folder.path)"]
            return try Command.run(environment + [Program.binary.path] + words, input: input)
        }
        let add = ["context", "add", "work", "--url", "http://127.0.0.1:9", "--no-check"]
        #expect(
            try wgw(
                add[0],
                add[1],
                add[2],
                add[3],
                add[4],
                add[5],
                input: "KEY-of-another-server\n"
            )
            .status == 0
        )
        let file = folder.url.appending(path: ".config/wgw/contexts.json")
        let kept = folder.url.appending(path: "kept.json")
        try FileManager.default.moveItem(at: file, to: kept)
        try FileManager.default.createSymbolicLink(at: file, withDestinationURL: kept)
        #expect(try wgw("context", "use", "work").status == 0)
        let target = try FileManager.default.destinationOfSymbolicLink(atPath: file.path)
        #expect(target == kept.path)

        let text = try String(contentsOf: kept, encoding: .utf8)
        try text.replacing("KEY-of-another-server", with: "KEY\\nx").write(
            to: kept,
            atomically: false,
            encoding: .utf8
        )
        let broken = try wgw("context", "list")
        #expect(broken.status == 1 && broken.output.contains("contexts.json cannot be used"))
        #expect(!broken.output.contains("KEY"))

        try FileManager.default.removeItem(at: kept)
        let lost = try wgw(
            "context",
            "add",
            "x",
            "--url",
            "http://127.0.0.1:9",
            "--no-check",
            input: "KEY-of-another-server\n"
        )
        #expect(lost.status == 1 && lost.output.contains("is a link that leads nowhere"))
    }

    @Test("an API key that is asked for is not shown, and Control-C ends the question at once")
    func interruptedQuestion() async throws {
        let terminal = try Terminal()
        let add = ["context", "add", "x", "--url", "http://127.0.0.1:9", "--no-check"]
        let process = try ChildProcess(
            ["env", "-i", "HOME=/nonexistent", Program.binary.path] + add,
            input: terminal.far,
            output: terminal.far,
            errors: terminal.far
        )
        let isAsked = try await eventually { terminal.read().hasSuffix(":9: ") }
        #expect(isAsked)
        terminal.type("KEY-half-typed\u{03}")
        let hasEnded = try await eventually { !process.isRunning }
        #expect(hasEnded)
        // A question that has not ended does so with the line.
        terminal.type("\n")
        #expect(process.wait() == 1)
        let screen = terminal.read()
        #expect(screen.contains("no API key was given; nothing was changed"))
        #expect(!screen.contains("half-typed"))
        var mode = termios()
        tcgetattr(terminal.far, &mode)
        #expect(mode.c_lflag & tcflag_t(ECHO) != 0, "the terminal has its echo again")
    }

    @Test("options beat the environment, and the environment beats the context")
    func order() async throws {
        try await ClientWorld.run { world in
            let url = world.server.base.absoluteString
            let add = ["context", "add", "far", "--url", "http://127.0.0.1:9", "--no-check"]
            #expect(try world.bare(add, input: "KEY-of-another-server\n").status == 0)
            #expect(try world.bare(["gateway", "list"]).status == 6)
            #expect(try world.wgw("gateway", "list").status == 0)
            #expect(try world.wgw("gateway", "list", "--context", "far").status == 6)
            #expect(try world.wgw("gateway", "list", "--url", "http://127.0.0.1:9").status == 6)
            let both = try world.wgw("gateway", "list", "--url", url, "--context", "far")
            #expect(both.status == 2)
            let secret = "http://ada:hunter2@127.0.0.1:9"
            for words in [["peer", "list"], ["context", "add", "x", "--no-check"]] {
                let told = try world.bare(
                    words + ["--url", secret],
                    input: "KEY-of-another-server"
                )
                #expect(told.status == 2 && told.output.contains("without a user or a password"))
                #expect(!told.output.contains("hunter2"))
            }
            let missing = try world.wgw("gateway", "list", "--context", "fra")
            #expect(missing.status == 3)
            #expect(missing.output == "wgw: there is no context 'fra'; 'far' is the nearest\n")
        }
    }

    @Test("contexts are put into use and removed by name, and none of a name is made twice")
    func useAndRemove() async throws {
        try await ClientWorld.run { world in
            let url = world.server.base.absoluteString
            for name in ["one", "two"] {
                let words = ["context", "add", name, "--url", url]
                let added = try world.bare(words, input: Program.apiKey)
                #expect(added.status == 0)
            }
            #expect(try world.bare(["context", "add", "one", "--url", url], input: "").status == 5)
            #expect(try world.bare(["context", "use", "two"]).status == 0)
            #expect(try world.bare(["context", "list"]).output.contains("*  two"))
            let lines = try world.bare(["context", "list", "-o", "jsonl"]).lines
            #expect(lines.count == 2 && lines[1].hasPrefix(#"{"name":"two","url":"\#(url)""#))
            #expect(lines[1].contains(#""current":true"#) && !lines[1].contains(Program.apiKey))
            #expect(try world.bare(["context", "list", "-o", "name"]).output == "one\ntwo\n")
            let odd = try world.bare(["context", "list", "-o", "jsn"])
            #expect(odd.status == 2 && odd.output.contains("'json' is the nearest"))
            #expect(try world.bare(["context", "remove", "two"]).status == 0)
            #expect(try world.bare(["context", "list", "-q"]).output == "one\n")
            #expect(try world.bare(["context", "use", "two"]).status == 3)
        }
    }

    @Test("a wrong key is told when the context is added, and kept nowhere")
    func wrongKey() async throws {
        try await ClientWorld.run { world in
            let words = ["context", "add", "work", "--url", world.server.base.absoluteString]
            let end = try world.bare(words, input: "KEY-that-was-never-made\n")
            #expect(end.status == 4)
            #expect(!end.output.contains("never-made"))
            let file = world.userFolder.appending(path: ".config/wgw/contexts.json").path
            #expect(!FileManager.default.fileExists(atPath: file))
        }
    }

    @Test(
        "a certificate that no authority has signed is trusted by its fingerprint, and no other one is",
        .enabled(if: TLSWorld.canRun || ContinuousIntegration.isOn, "openssl is needed.")
    )
    func fingerprint() async throws {
        try await TemporaryDirectory.with { folder in
            for name in ["first", "second"] { try TLSWorld.makeIdentity(name, in: folder) }
            func print(_ name: String) throws -> String {
                let file = folder.appending(path: "\(name).pem").path
                return try Command.require(
                    "openssl",
                    "x509",
                    "-in",
                    file,
                    "-noout",
                    "-fingerprint",
                    "-sha256"
                ).trimmingCharacters(in: .newlines)
            }
            let options = [
                "--tls-cert", folder.appending(path: "first.pem").path,
                "--tls-key", folder.appending(path: "first.key").path,
            ]
            try await ClientWorld.empty(options) { world in
                let list = ["region", "list", "-q"]
                let stranger = try world.run(list)
                #expect(stranger.status == 6)
                #expect(stranger.output.contains("give it with --fingerprint"))
                let right = try world.run(list + ["--fingerprint", print("first")])
                #expect(right.output == "local\n")
                let wrong = try world.run(list + ["--fingerprint", print("second")])
                #expect(wrong.status == 6)
                #expect(wrong.output.contains("see whether the server has a new one"))

                let add = ["context", "add", "work", "--url", world.server.base.absoluteString]
                let asked = try world.bare(add, input: Program.apiKey)
                #expect(asked.status == 6)
                let shown = try #require(asked.output.firstMatch(of: /sha256:[0-9a-f]{64}/)?.0)
                let added = try world.bare(
                    add + ["--fingerprint", String(shown)],
                    input: Program.apiKey
                )
                #expect(added.status == 0)
                #expect(try world.bare(list).output == "local\n")
            }
        }
    }
}
