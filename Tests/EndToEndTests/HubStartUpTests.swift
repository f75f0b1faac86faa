import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// What an operator sees whose hub or load generator cannot start: one sentence, and a status.
struct HubStartUpTests {
    @Test(
        "a hub's config file with a mistake starts nothing, and the sentence names its line",
        arguments: [
            ("[Interface]\nListenPort = 0\n", ":1: this [Interface] has no PrivateKey"),
            ("[Interface]\nPrivateKey = short\n", ":2: PrivateKey: expected a key"),
            ("[Interface]\nMTU = 9\n", ":2: MTU: expected a number from 576"),
            ("", ": there is no [Interface] section"),
        ]
    )
    func mistake(text: String, sentence: String) throws {
        let file = try TemporaryFile(text, suffix: ".conf")
        let end = try Command.run(Program.binary.path, "hub", file.path)
        #expect(end.status == 1)
        #expect(end.lines.count == 1, "\(end.output)")
        #expect(end.output.contains(file.path + sentence), "\(end.output)")
    }

    @Test("a hub's config file that does not exist is named")
    func missing() throws {
        let end = try Command.run(Program.binary.path, "hub", "/nonexistent/wg0.conf")
        #expect(end.status == 1)
        #expect(end.output.contains("/nonexistent/wg0.conf: cannot be read"), "\(end.output)")
    }

    @Test("wgw show lists hubs of equally or oddly named config files, each by a name of its own")
    func oddNames() async throws {
        try await TemporaryDirectory.with { folder in
            let run = "n\(ProcessInfo.processInfo.processIdentifier)"
            let long = run + String(repeating: "x", count: 200)
            let names = [
                "a/\(run).conf", "b/\(run).conf", "a/\(run)\ttab\n.conf", "b/\(long).conf",
            ]
            var hubs: [BackgroundProcess] = []
            defer { for hub in hubs { hub.kill() } }
            for (number, name) in names.enumerated() {
                let file = folder.appending(path: name)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                let key = HubPeer.word(of: try Command.require("wg", "genkey"))
                try "[Interface]\nPrivateKey = \(key)\n".write(
                    to: file,
                    atomically: true,
                    encoding: .utf8
                )
                hubs.append(
                    try BackgroundProcess(
                        [
                            "env", "STATE_DIRECTORY=\(folder.path)", Program.binary.path, "hub",
                            file.path,
                        ],
                        logs: folder,
                        name: "hub\(number)"
                    )
                )
            }
            for hub in hubs { try await hub.waitUntilReady() }
            let shown = try Command.require(Program.binary.path, "show", "interfaces")
                .split(whereSeparator: \.isWhitespace).filter { $0.hasPrefix(run) }.map(String.init)
            let alike = hubs[..<2].map { "\(run)@\($0.id)" }
            #expect(Set(shown) == Set(alike + ["\(run)_tab_", String(long.prefix(64))]))
            for name in shown {
                let keys = try Command.require(Program.binary.path, "show", name, "public-key")
                #expect(keys.count == 45)
            }
            let refusal = try Command.run(Program.binary.path, "show", run)
            #expect(
                refusal.status == 1 && refusal.output.contains(alike.sorted()[0]),
                "\(refusal.output)"
            )
        }
    }
}
