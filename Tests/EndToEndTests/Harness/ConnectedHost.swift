import EndToEndSupport
import Foundation
import Glibc
import TestSupport

/// `wgw connect` on a host of its own.
final class ConnectedHost {
    let link: Link
    /// Called like the file.
    let device: String
    private let words: [String]
    private let logs: URL
    private var process: BackgroundProcess
    private var lives = 1

    var host: Namespace { link.client }
    var log: String { process.errors }
    var output: String { process.output }
    var isRunning: Bool { process.isRunning }

    /// - Parameters:
    ///   - options: of the command, behind the file.
    ///   - programs: a folder of programs that the host has besides.
    ///   - number: tells it from another one on the same host.
    init(
        on link: Link,
        config: String,
        options: [String] = [],
        programs: URL? = nil,
        number: Int = 1,
        world: String,
        logs: URL
    ) async throws {
        self.link = link
        self.logs = logs
        device = "wc\(getpid())\(world)\(link.number)" + (number > 1 ? "-\(number)" : "")
        let file = logs.appending(path: "\(device).conf")
        try Data(config.utf8).write(to: file)
        chmod(file.path, 0o600)
        // What is mounted here is seen by this program alone.
        let mount = programs.map { folder in
            let layers = "lowerdir=\(folder.path):/usr/sbin"
            return ["sh", "-ec", "mount -t overlay none -o \(layers) /usr/sbin; exec \"$@\"", "sh"]
        }
        words = link.client.command(
            (mount ?? []) + Program.bareCommand + ["connect", file.path] + options
        )
        process = try await .ready(words, logs: logs, name: device)
    }

    /// Ends it as a power cut would, and does not start it again.
    func kill() {
        process.kill()
    }

    func start() async throws {
        lives += 1
        process = try await .ready(words, logs: logs, name: "\(device)-\(lives)")
    }

    /// Its exit status.
    func stop() async throws -> Int32? { try await process.stop() }

    /// Its exit status when it ends by itself.
    func end() async throws -> Int32 { try await process.waitForExit() }

    func hangUp() { Glibc.kill(process.id, SIGHUP) }

    /// Interfaces, routes, rules and addresses: what it may have changed. Without the link-local ones, which the
    /// kernel gives to other interfaces when it has made sure of them.
    func state() throws -> String {
        try [
            ["ip", "-4", "rule"], ["ip", "-6", "rule"], ["ip", "route", "show", "table", "all"],
            ["ip", "-br", "link"], ["ip", "-br", "-4", "address"],
            ["ip", "-br", "-6", "address", "show", "scope", "global"],
        ].map { try Command.require(host.command($0)) }.joined()
            .split(separator: "\n").filter { $0.contains(device) || !$0.contains(/fe80:|ff00:/) }
            .joined(separator: "\n")
    }
}
