import Foundation
import Glibc
import TestSupport

/// A network namespace: a host of its own, as far as packets can tell.
struct Namespace {
    let name: String

    /// Names begin with this and the test process's id, so that a later run knows whose they were.
    private static let prefix = "wgw-e2e"

    init(_ label: String) throws {
        name = "\(Self.prefix)-\(getpid())-\(label)"
        try Command.require("ip", "netns", "add", name)
        try run("ip", "link", "set", "lo", "up")
    }

    private init(name: String) {
        self.name = name
    }

    /// The words that make a program run here.
    func command(_ words: [String]) -> [String] {
        ["ip", "netns", "exec", name] + words
    }

    @discardableResult
    func run(_ words: String..., input: String? = nil) throws -> String {
        try Command.require(command(words), input: input)
    }

    /// Like `run`, where failing is an answer.
    func attempt(_ words: String...) throws -> Command.Result {
        try Command.run(command(words))
    }

    /// Kills what still runs here, and takes the devices along.
    func remove() throws {
        let processes = try Command.run("ip", "netns", "pids", name).lines.compactMap { Int32($0) }
        for process in processes { kill(process, SIGKILL) }
        try Command.require("ip", "netns", "del", name)
    }

    /// Removes what test runs left behind that did not get to their end.
    static func removeLeftovers() throws {
        for line in try Command.run("ip", "netns", "list").lines {
            let name = line.prefix { $0 != " " }
            let parts = name.dropFirst(prefix.count + 1).split(separator: "-")
            guard name.hasPrefix("\(prefix)-"), let run = parts.first.flatMap({ Int32($0) }) else {
                continue
            }
            if kill(run, 0) != 0 { try Namespace(name: String(name)).remove() }
        }
    }
}
