import EndToEndSupport
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Backup and restore", .timeLimit(.minutes(4)))
struct BackupTests {
    @Test("a backup made while changes go on has all that was acknowledged before it began")
    func underLoad() async throws {
        try await TemporaryDirectory.with { folder in
            let site = try BackupSite(folder)
            var before: [String] = []
            try await LoopbackServer.run(["--rate-limit", "off"], in: folder) { server in
                let api = server.api
                let network = try await api.createNetwork("first")
                let gateway = try await api.createGateway(network: network.id)
                before.append(network.id)
                let writing = Task {
                    for number in 0... where !Task.isCancelled {
                        _ = try await api.createPeer(gateway: gateway.id, name: "peer \(number)")
                    }
                }
                for number in 0..<4 {
                    before.append(try await api.createNetwork("network \(number)").id)
                    let result = try site.backup(to: "backup \(number)")
                    #expect(result.status == 0, "\(result.output)")
                    #expect(result.output.contains("\(before.count) networks, 1 gateway, "))
                }
                writing.cancel()
                _ = try? await writing.value
            }
            let mode = try FileManager.default.attributesOfItem(atPath: site.path("backup 3"))
            #expect((mode[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            for number in 0..<4 {
                let checked = try site.restore("backup \(number)", to: "unused", "--verify")
                #expect(checked.status == 0, "\(checked.output)")
            }
            #expect(!site.exists("unused"))
            let result = try site.restore("backup 3", to: "restored/data")
            #expect(result.status == 1 && result.output.contains("restored"), "no parent folder")
            mkdir(site.path("restored"), 0o700)
            let restored = try site.restore("backup 3", to: "restored/data")
            #expect(restored.status == 0, "\(restored.output)")
            let again = try site.restore("backup 3", to: "restored/data")
            #expect(again.status == 5 && again.output.contains("is not empty"))
            try await LoopbackServer.run([], in: folder.appending(path: "restored")) { server in
                for id in before { #expect(try await server.api.network(id).id == id) }
                _ = try await server.api.createNetwork("after")
            }
        }
    }

    @Test("a backup has the keys of its installation, and a restore gives them back")
    func keys() async throws {
        try await TemporaryDirectory.with { folder in
            let site = try BackupSite(folder)
            try await LoopbackServer.run([], in: folder) { _ in }
            // As an installation has it that made its first key.
            try Data("KEY-of-a-first-start\n".utf8).write(to: URL(filePath: site.data + "/api-key"))
            #expect(try site.backup(to: "backup").status == 0)
            #expect(try site.restore("backup", to: "restored").status == 0)
            for name in ["master-key", "api-key"] {
                let original = FileManager.default.contents(atPath: site.data + "/" + name)
                let copy = FileManager.default.contents(atPath: site.path("restored/" + name))
                #expect(original == copy && original != nil)
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: site.path("restored/" + name)
                )
                #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            }
            #expect(try site.names(in: "restored") == ["api-key", "lock", "master-key", "wgw.db"])

            let key = try String(contentsOfFile: site.data + "/master-key", encoding: .utf8)
            try FileManager.default.removeItem(atPath: site.data + "/master-key")
            let missing = try site.backup(to: "without")
            #expect(missing.status == 1 && missing.output.contains("WGW_MASTER_KEY"))
            let words = site.backupWords(to: "given")
            let given = "WGW_MASTER_KEY=\(key.trimmingCharacters(in: .newlines))"
            let result = try Command.run(Array(words[..<2]) + [given] + words[2...])
            #expect(result.status == 0, "\(result.output)")
            #expect(try site.restore("given", to: "third").status == 0)
            #expect(
                try String(contentsOfFile: site.path("third/master-key"), encoding: .utf8) == key
            )
            let other = "WGW_MASTER_KEY=" + Data(repeating: 7, count: 32).base64EncodedString()
            let wrong = try Command.run(Array(words[..<2]) + [other] + words[2...] + ["--force"])
            #expect(wrong.status == 1 && wrong.output.contains("does not open this database"))
            #expect(try site.restore("given", to: "unused", "--verify").status == 0, "it is kept")
        }
    }

    @Test(
        "a damaged, cut off or foreign file and a wrong secret are refused before anything is made"
    )
    func refusals() async throws {
        try await TemporaryDirectory.with { folder in
            let site = try BackupSite(folder)
            try await LoopbackServer.run([], in: folder) { server in
                _ = try await server.api.createNetwork("network")
            }
            #expect(try site.backup(to: "backup").status == 0)
            let good = try Data(contentsOf: URL(filePath: site.path("backup")))
            func isRefused(_ words: String, _ data: Data, secret: [String]? = nil) throws {
                try data.write(to: URL(filePath: site.path("changed")))
                for verify in [[], ["--verify"]] {
                    let words = site.restoreWords("changed", to: "target", secret: secret) + verify
                    let result = try Command.run(words)
                    #expect(result.status == 1, "\(result.output)")
                    #expect(result.lines.count == 1, "\(result.output)")
                    #expect(!site.exists("target"))
                }
                let result = try site.restore("changed", to: "target", secret: secret)
                #expect(result.output.contains(words), "\(result.output)")
            }
            for offset in stride(from: 100, to: good.count, by: good.count / 12) {
                var damaged = good
                damaged[offset] ^= 1
                try isRefused("is damaged or cut off", damaged)
                try isRefused("is damaged or cut off", good[..<offset])
            }
            try isRefused("is damaged or cut off", good + good)
            try isRefused("was not made by wgw backup", Data("SQLite format 3".utf8))
            try isRefused("was not made by wgw backup", Data())
            try isRefused(
                "is not opened by this key file",
                good,
                secret: ["--key-file", site.path("wrong key")]
            )
            try isRefused(
                "was made with a key file",
                good,
                secret: ["--passphrase-file", site.path("wrong")]
            )
            var newer = good
            newer[11] = UInt8(ascii: "2")
            try isRefused("was made by a newer wgw", newer)
            let none = try site.restore("nowhere", to: "target")
            #expect(none.status == 3 && none.output.contains("nowhere cannot be read"))
        }
    }

    @Test("a backup replaces no file without --force, and nothing that is not a file")
    func otherFiles() async throws {
        try await TemporaryDirectory.with { folder in
            let site = try BackupSite(folder)
            try await LoopbackServer.run([], in: folder) { _ in }
            for name in ["backup", "backup.snapshot", "backup.partial"] {
                try Data("mine".utf8).write(to: URL(filePath: site.path(name)))
            }
            let refused = try site.backup(to: "backup")
            #expect(refused.status == 5 && refused.output.contains("--force"))
            #expect(try site.backup(to: "backup", "--force").status == 0)
            #expect(try site.restore("backup", to: "x", "--verify").status == 0)
            for name in ["backup.snapshot", "backup.partial"] {
                #expect(FileManager.default.contents(atPath: site.path(name)) == Data("mine".utf8))
            }
            for name in ["pipe", "other.wgw-partial"] { mkfifo(site.path(name), 0o600) }
            let pipe = try site.backup(to: "pipe", "--force")
            #expect(pipe.status == 5 && pipe.output.contains("is not a regular file"))
            let taken = try site.backup(to: "other")
            #expect(taken.status == 5 && taken.output.contains("other.wgw-partial"))
            #expect(site.exists("pipe") && site.exists("other.wgw-partial"))
        }
    }

    @Test("a passphrase is asked for twice without being shown, and once for a restore")
    func passphrase() async throws {
        try await TemporaryDirectory.with { folder in
            let site = try BackupSite(folder)
            try await LoopbackServer.run([], in: folder) { _ in }
            let secret = "a passphrase of mine"
            let backup = ["backup", site.path("b"), "--data-dir", site.data]
            let restore = ["restore", site.path("b"), "--verify"]
            func typed(_ words: [String], _ lines: String...) async throws -> Answered {
                try await Answered(Program.bareCommand + words, to: lines)
            }
            let differing = try await typed(backup, secret, secret + "!")
            #expect(differing.status == 1 && differing.screen.contains("differ"))
            let short = try await typed(backup, "short")
            #expect(short.status == 1 && short.screen.contains("at least 12 characters"))
            let interrupted = try await typed(backup, "\u{03}")
            #expect(interrupted.status == 1 && interrupted.echoes)
            #expect(!site.exists("b"))
            let made = try await typed(backup, secret, secret)
            #expect(made.status == 0, "\(made.screen)")
            let read = try await typed(restore, secret)
            #expect(read.status == 0, "\(read.screen)")
            for answered in [differing, made, read] {
                #expect(!answered.screen.contains(secret))
                #expect(answered.echoes, "the terminal shows again what is typed")
            }
            let wrong = try await typed(restore, "something else")
            #expect(wrong.screen.contains("is not opened by this passphrase"))
            let alone = try Command.run(["setsid", "--wait"] + Program.bareCommand + restore)
            #expect(alone.status == 2)
            #expect(
                alone.output.contains("give --passphrase-file or --key-file"),
                "\(alone.output)"
            )
        }
    }

    @Test("a backup that is killed leaves no file of its name, and the next one is complete")
    func killedBackup() async throws {
        try await TemporaryDirectory.with { folder in
            let site = try BackupSite(folder)
            try await LoopbackServer.run(["--rate-limit", "off"], in: folder) { server in
                try await server.fill()
                var random = SplitMix64(seed: 5)
                for number in 0..<12 {
                    let words = site.backupWords(to: "backup")
                    let process = try BackgroundProcess(words, logs: folder, name: "b\(number)")
                    usleep(UInt32.random(in: 0...150_000, using: &random))
                    process.kill()
                    if site.exists("backup") {
                        #expect(try site.restore("backup", to: "x", "--verify").status == 0)
                        try FileManager.default.removeItem(atPath: site.path("backup"))
                    }
                }
                let result = try site.backup(to: "backup")
                #expect(result.status == 0, "\(result.output)")
                let left = try site.names(in: "").filter { $0.hasPrefix("backup") }
                #expect(left == ["backup"])
                _ = try await server.api.createNetwork("after")
            }
        }
    }

    @Test("a restore that is killed leaves nothing that a server takes for an installation")
    func killedRestore() async throws {
        try await TemporaryDirectory.with { folder in
            let site = try BackupSite(folder)
            try await LoopbackServer.run(["--rate-limit", "off"], in: folder) { server in
                try await server.fill()
            }
            #expect(try site.backup(to: "backup").status == 0)
            var random = SplitMix64(seed: 6)
            for number in 0..<12 {
                let target = "target-\(number)"
                let words = site.restoreWords("backup", to: target)
                let process = try BackgroundProcess(words, logs: folder, name: "r\(number)")
                usleep(UInt32.random(in: 0...150_000, using: &random))
                process.kill()
                if site.exists("\(target)/wgw.db") { continue }
                if site.exists("\(target)/restore.partial") {
                    let start = try Command.run(
                        Program.bareCommand + [
                            "serve", "--listen", "127.0.0.1:0", "--data-dir", site.path(target),
                            "--endpoint-address", "127.0.0.1",
                        ]
                    )
                    #expect(start.status == 1)
                    #expect(start.output.contains("run wgw restore once more"), "\(start.output)")
                }
                let again = try site.restore("backup", to: target)
                #expect(again.status == 0, "\(again.output)")
                #expect(try site.names(in: target) == ["lock", "master-key", "wgw.db"])
            }
        }
    }
}

/// A command that asked on a terminal, and was answered.
private struct Answered {
    let status: Int32
    let screen: String
    /// Whether the terminal shows what is typed when the command has ended.
    let echoes: Bool

    init(_ words: [String], to lines: [String]) async throws {
        let terminal = try Terminal()
        let process = try ChildProcess(
            ["setsid", "--ctty", "--wait"] + words,
            input: terminal.far,
            output: terminal.far,
            errors: terminal.far
        )
        for (index, line) in lines.enumerated() {
            // Typed when it is asked for, which forgets what was typed before.
            let isAsked = try await eventually {
                terminal.read().ranges(of: ": ").count > index || !process.isRunning
            }
            #expect(isAsked, "\(terminal.read())")
            terminal.type(line + "\n")
        }
        status = process.wait()
        screen = terminal.read()
        var mode = termios()
        tcgetattr(terminal.far, &mode)
        echoes = mode.c_lflag & tcflag_t(ECHO) != 0
    }
}

extension LoopbackServer {
    /// Makes the database some hundred kilobytes large.
    fileprivate func fill() async throws {
        let network = try await api.createNetwork("network")
        let gateway = try await api.createGateway(network: network.id)
        for number in 0..<200 {
            _ = try await api.createPeer(gateway: gateway.id, name: "peer \(number)")
        }
    }
}

extension ThroughTheGateway {
    struct RestoredPeersTests {
        @Test("peers connect through a restored installation without a change on their side")
        func peersConnect() async throws {
            try await World.run(workers: 1) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                #expect(try a.host.ping(b.address) != nil)
                let folder = world.dataDirectory.deletingLastPathComponent()
                let site = try BackupSite(folder)
                #expect(try site.backup(to: "backup").status == 0)

                world.server.kill()
                try FileManager.default.removeItem(at: world.dataDirectory)
                let restored = try site.restore("backup", to: "data")
                #expect(restored.status == 0, "\(restored.output)")
                try await world.server.start()
                let connects = try await eventually { try a.host.ping(b.address) != nil }
                #expect(connects)
                #expect(try await world.api.peer(a.peer.id).publicKey == a.peer.publicKey)
            }
        }
    }
}
