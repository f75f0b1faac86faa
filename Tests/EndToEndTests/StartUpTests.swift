import EndToEndSupport
import Foundation
import GatewayStore
import Glibc
import TestSupport
import Testing

/// What an operator sees who starts the server wrongly: one sentence, and an exit status.
struct StartUpTests {
    @Test(
        "a bad option of wgw serve ends it with one sentence that names the option",
        arguments: [
            ["--workers", "none"], ["--workers", "0"], ["--port-range", "9-5"],
            ["--port-range", "70000-70001"], ["--listen", "nowhere"],
            ["--listen", "127.0.0.1:99999"], ["--region", "Not A Code"],
            ["--endpoint-address", "300.1.1.1"], ["--bind-address", "everywhere"],
            ["--log-level", "loud"], ["--no-such-option"], ["--config", "/nonexistent.yaml"],
        ]
    )
    func badOption(words: [String]) async throws {
        let end = try await serveUntilEnd(words)
        #expect(end.status == 2)
        #expect(end.isOneSentence, "\(end.errors)")
        #expect(end.errors.contains(words[0]), "\(end.errors)")
    }

    @Test("a bad value in the environment ends wgw serve with one sentence that names the variable")
    func badEnvironment() async throws {
        let end = try await serveUntilEnd([], environment: ["WGW_PORT_RANGE=x"])
        #expect(end.status == 2)
        #expect(end.isOneSentence, "\(end.errors)")
        #expect(end.errors.contains("WGW_PORT_RANGE"))
    }

    @Test("an empty WGW_MASTER_KEY ends wgw serve with one sentence, and no file is made")
    func emptyMasterKey() async throws {
        try await TemporaryDirectory.with { folder in
            let data = folder.appending(path: "data")
            let end = try await serveUntilEnd(
                ["--data-dir", data.path],
                environment: ["WGW_MASTER_KEY="]
            )
            #expect(end.status == 1)
            #expect(end.isOneSentence, "\(end.errors)")
            #expect(end.errors.contains("WGW_MASTER_KEY"), "\(end.errors)")
            #expect(!FileManager.default.fileExists(atPath: data.path))
        }
    }

    @Test(
        "the binary that make test runs names the commit of its sources in --version",
        .enabled(if: builtCommit != nil, "Only make test names the commit.")
    )
    func commitOfTheBinary() throws {
        let commit = try #require(Self.builtCommit)
        let said = try Command.require(Program.bareCommand + ["--version"])
        #expect(said.hasPrefix("0.1.0, commit \(commit)"), "\(said)")
    }

    @Test(
        "a machine without a default route cannot start wgw serve without --endpoint-address",
        .enabled(if: Privileges.allowTests, "Network namespaces need root.")
    )
    func noDefaultRoute() throws {
        if let lacking = Privileges.lacking { throw Command.Failure(description: lacking) }
        let words = [
            "unshare", "--net", Program.binary.path, "serve", "--data-dir", "/proc/none",
        ]
        let end = try Command.run(words)
        #expect(end.status == 2)
        #expect(end.lines.count == 1)
        #expect(end.output.contains("no default route"), "\(end.output)")
        #expect(end.output.contains("--endpoint-address"), "\(end.output)")
    }

    @Test("an option that shows the API key to all users is warned of, and repeated nowhere")
    func keyInOptions() async throws {
        try await TemporaryDirectory.with { folder in
            let key = "KEY-of-sixteen-or-more"
            let file = folder.appending(path: "key")
            try key.write(to: file, atomically: true, encoding: .utf8)
            for (index, words) in [["--api-key", key], ["--api-key-file", file.path]].enumerated() {
                let process = try server(
                    words + ["--data-dir", folder.appending(path: "data").path],
                    logs: folder,
                    name: "server-\(index)"
                )
                try await process.waitUntilReady()
                #expect(try await process.stop() == 0)
                #expect(process.errors.contains("--api-key shows the key") == (index == 0))
                #expect(!(process.errors + process.output).contains(key))
            }
        }
    }

    @Test("the data directory of a node ends wgw serve with one sentence, and is as it was")
    func nodeDirectory() async throws {
        try await TemporaryDirectory.with { folder in
            try Data("key".utf8).write(to: folder.appending(path: "node-key"))
            let end = try await serveUntilEnd(["--data-dir", folder.path])
            #expect(end.status == 1)
            #expect(end.isOneSentence, "\(end.errors)")
            #expect(end.errors.contains("wgw node"), "\(end.errors)")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(files == ["node-key"])
        }
    }

    @Test("a data directory that cannot be made ends wgw serve with one sentence that names it")
    func unwritableDataDirectory() async throws {
        let end = try await serveUntilEnd(["--data-dir", "/proc/wgw-data"])
        #expect(end.status == 1)
        #expect(end.isOneSentence, "\(end.errors)")
        #expect(end.errors.contains("/proc/wgw-data"))
    }

    @Test(
        "wgw serve that may open too few files ends with the number that is needed",
        arguments: [16, 40]
    )
    func tooFewFiles(limit: Int) async throws {
        let end = try await serveUntilEnd([], openFiles: limit)
        #expect(end.status == 1)
        #expect(end.isOneSentence, "\(end.errors)")
        #expect(end.errors.contains("\(limit) files open"), "\(end.errors)")
        #expect(end.errors.contains("ulimit -n"), "\(end.errors)")
    }

    @Test(
        "a busy port and a data directory in use each end wgw serve with one sentence that names them"
    )
    func secondServer() async throws {
        try await TemporaryDirectory.with { folder in
            let first = try server(
                ["--data-dir", folder.appending(path: "data").path],
                logs: folder,
                name: "first"
            )
            try await first.waitUntilReady()
            let address = try #require(first.output.firstMatch(of: /http:\/\/([\d.]+:\d+)/)).1

            let new = folder.appending(path: "new").path
            let onBusyPort = try await serveUntilEnd([
                "--listen", String(address), "--data-dir", new,
            ])
            #expect(onBusyPort.status == 1)
            #expect(!FileManager.default.fileExists(atPath: new), "the next start is the first")
            #expect(onBusyPort.errors.contains("--listen"))
            #expect(onBusyPort.isOneSentence, "\(onBusyPort.errors)")
            #expect(onBusyPort.errors.contains(address))

            let data = folder.appending(path: "data").path
            let onSameData = try await serveUntilEnd(["--data-dir", data])
            #expect(onSameData.status == 1)
            #expect(onSameData.isOneSentence, "\(onSameData.errors)")
            #expect(onSameData.errors.contains(data))

            #expect(try await first.stop() == 0, "SIGTERM stops it cleanly")
        }
    }

    @Test("a database of a newer version ends wgw serve with one sentence")
    func newerStore() async throws {
        try await TemporaryDirectory.with { folder in
            let data = folder.appending(path: "data")
            do {
                let store = try Store(directory: data.path)
                _ = try await store.write { database in
                    try database.execute("INSERT INTO migration (id) VALUES (\("2999-01-01"))")
                }
            }
            let end = try await serveUntilEnd(["--data-dir", data.path])
            #expect(end.status == 1)
            #expect(end.isOneSentence, "\(end.errors)")
            #expect(end.errors.contains("newer wgw"), "\(end.errors)")
            #expect(end.errors.contains("2999-01-01"), "\(end.errors)")
        }
    }

    @Test("the first start makes an API key, and tells a log only in which file it is")
    func keyIsNotLogged() async throws {
        try await TemporaryDirectory.with { folder in
            let data = folder.appending(path: "data")
            let process = try server(["--data-dir", data.path], logs: folder, name: "first")
            try await process.waitUntilReady()
            let file = data.appending(path: "api-key")
            #expect(process.output.contains("made now, in \(file.path)"), "\(process.output)")
            #expect(try await process.stop() == 0)
            let key = try String(contentsOf: file, encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(key.hasPrefix("KEY"))
            #expect(!(process.output + process.errors).contains(key))
        }
    }

    @Test("the first start prints an API key once to a terminal, and keeps it in a file of its own")
    func firstStartMakesAKey() async throws {
        try await TemporaryDirectory.with { folder in
            let data = folder.appending(path: "data")
            let key = try await runOnTerminal(data: data)
            let file = data.appending(path: "api-key")
            let kept = try String(contentsOf: file, encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(key == kept)
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)

            #expect(try await runOnTerminal(data: data) == nil)
        }
    }

    @Test(
        "a data directory that lacks a file is refused, and nothing in it is made anew",
        arguments: [
            ["wgw.db"], ["wgw.db", "wgw.db-wal", "wgw.db-shm"], ["wgw.db-wal"], ["master-key"],
        ]
    )
    func missingFile(names: [String]) async throws {
        try await TemporaryDirectory.with { folder in
            let data = folder.appending(path: "data")
            try await killed(data: data, logs: folder)
            for name in names {
                try FileManager.default.removeItem(at: data.appending(path: name))
            }
            let before = try contents(of: data)
            let end = try await serveUntilEnd(["--data-dir", data.path])
            #expect(end.status == 1)
            #expect(end.isOneSentence, "\(end.errors)")
            #expect(end.errors.contains("\(names[0]) is missing"), "\(end.errors)")
            let after = try contents(of: data)
            for name in ["api-key", "master-key"] { #expect(after[name] == before[name]) }
            if names[0] != "master-key" { #expect(after["wgw.db"] == before["wgw.db"]) }
        }
    }

    @Test(
        "a first start that is killed at any moment leaves an API key that the next start accepts"
    )
    func interruptedFirstStart() async throws {
        try await TemporaryDirectory.with { folder in
            for (number, name) in [
                "lock", "wgw.db", "wgw.db-wal", "master-key.new", "master-key", "api-key.new",
                "api-key",
            ].enumerated() {
                let data = folder.appending(path: "data-\(number)")
                let file = data.appending(path: name).path
                let first = try server(["--data-dir", data.path], logs: folder, name: "first")
                // Without a pause: some of these files are there for a moment only.
                while access(file, F_OK) != 0, first.isRunning, !first.isReady {}
                first.kill()
                let second = try server(["--data-dir", data.path], logs: folder, name: "second")
                try await second.waitUntilReady()
                let base = try #require(second.base)
                let key = try String(
                    contentsOf: data.appending(path: "api-key"),
                    encoding: .utf8
                ).trimmingCharacters(in: .whitespacesAndNewlines)
                let api = APIClient(base: base.appending(path: "v2"), key: key)
                _ = try await api.createNetwork("after \(name)")
                #expect(try await second.stop() == 0)
            }
        }
    }

    @Test("a changed API key of the settings is logged with how to revoke the old one")
    func givenKeys() async throws {
        try await TemporaryDirectory.with { folder in
            let data = folder.appending(path: "data")
            for (key, isSaid) in [("first-given-key-0001", false), ("second-given-key-0002", true)]
            {
                let process = try server(
                    ["--data-dir", data.path],
                    environment: ["WGW_API_KEY=\(key)"],
                    logs: folder,
                    name: "given"
                )
                try await process.waitUntilReady()
                #expect(try await process.stop() == 0)
                #expect(process.errors.contains("DELETE /v2/api_keys/") == isSaid)
                #expect(!process.errors.contains(key))
            }
        }
    }

    /// The 40 digits of the commit that the environment of the build named.
    private static var builtCommit: Substring? {
        ProcessInfo.processInfo.environment["WGW_COMMIT"]
            .flatMap { $0 == "unknown" ? nil : $0.prefix(40) }
    }

    /// Leaves a directory as a kill does.
    private func killed(data: URL, logs: URL) async throws {
        let process = try server(["--data-dir", data.path], logs: logs, name: "killed")
        try await process.waitUntilReady()
        process.kill()
    }

    private func contents(of folder: URL) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            contents[name] = try Data(contentsOf: folder.appending(path: name))
        }
        return contents
    }

    /// The key that the server printed, if any.
    private func runOnTerminal(data: URL) async throws -> String? {
        let terminal = try Terminal()
        let process = try ChildProcess(
            Program.bareCommand + [
                "serve", "--listen", "127.0.0.1:0", "--endpoint-address", "127.0.0.1", "--data-dir",
                data.path,
            ],
            input: terminal.far,
            output: terminal.far,
            errors: terminal.far
        )
        defer {
            process.send(SIGKILL)
            process.wait()
        }
        let isReady = try await eventually {
            terminal.read().contains(Program.readyWords) || !process.isRunning
        }
        try #require(isReady && process.isRunning, "\(terminal.read())")
        process.send(SIGTERM)
        let hasEnded = try await eventually { !process.isRunning }
        #expect(hasEnded && process.wait() == 0)
        return terminal.read().firstMatch(of: /\bKEY\w{30,}/).map { String($0.0) }
    }

    private func serveUntilEnd(
        _ words: [String],
        environment: [String] = [],
        openFiles: Int? = nil
    ) async throws -> End {
        try await TemporaryDirectory.with { folder in
            let data = ["--data-dir", folder.appending(path: "data").path]
            let process = try server(
                words.contains("--data-dir") ? words : data + words,
                environment: environment,
                openFiles: openFiles,
                logs: folder,
                name: "bad"
            )
            let status = try await process.waitForExit()
            return End(status: status, errors: process.errors)
        }
    }

    private func server(
        _ words: [String],
        environment: [String] = [],
        openFiles: Int? = nil,
        logs: URL,
        name: String
    ) throws -> BackgroundProcess {
        var listen = words.contains("--listen") ? [] : ["--listen", "127.0.0.1:0"]
        // The machine of the test need not have a default route.
        if !words.contains("--endpoint-address") { listen += ["--endpoint-address", "127.0.0.1"] }
        return try BackgroundProcess(
            Command.limiting(openFiles: openFiles) + ["env", "-i"] + environment + [
                Program.binary.path, "serve",
            ] + listen + words,
            logs: logs,
            name: name
        )
    }
}

private struct End {
    let status: Int32
    let errors: String

    var isOneSentence: Bool {
        errors.hasPrefix("wgw: ") && errors.split(separator: "\n").count == 1
            && errors.count < 300
    }
}
