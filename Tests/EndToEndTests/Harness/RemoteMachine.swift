import EndToEndSupport
import Foundation
import Glibc
import TestSupport
import Testing

/// A node of a world's server: a process of its own, on the same host or another, which asks the server through a line
/// that can be cut, go dead, or be slow.
final class RemoteMachine {
    static let region = "far"
    static let ports = "30000-30099"
    /// Where the node finds its server; the token says so.
    static let serverOptions = ["--public-url", "http://127.0.0.1:\(port)"]
    private static let port = 9000

    let token: String
    /// What the node runs on.
    let host: Namespace
    /// What clients use as endpoint address.
    let endpointAddress: String
    /// The machine's, from its next start on; nil for a right one.
    var clock: ShiftedClock?
    private let world: World
    private let name: String
    private var line: BackgroundProcess?
    private var process: BackgroundProcess?
    private var runs = 0
    private var formerLogs: [String] = []
    private var lines = 0

    /// A server, and a machine that has not joined yet.
    static func run(_ body: (World, RemoteMachine) async throws -> Void) async throws {
        try await World.run(workers: 2, options: serverOptions) { world in
            let node = try RemoteMachine(of: world)
            do {
                try await body(world, node)
            } catch {
                Issue.record("The node's log:\n\(node.log)")
                throw error
            }
        }
    }

    /// The machine is a node with a gateway, whose two peers have been heard of by the server.
    static func runWithPeers(
        _ body: (World, RemoteMachine, GatewayRecord, Member, Member) async throws -> Void
    ) async throws {
        try await run { world, node in
            try await node.connectLine()
            try await node.join()
            let gateway = try await world.addGateway(region: region)
            let a = try await world.addClient("a", of: gateway)
            let b = try await world.addClient("b", of: gateway)
            #expect(try a.host.ping(b.address) != nil)
            try await world.waitUntilSeen(a, b)
            try await body(world, node, gateway, a, b)
        }
    }

    /// Not joined yet, and nothing runs.
    ///
    /// - Parameters:
    ///   - region: made with its first node.
    ///   - host: that of the server by default.
    init(
        _ name: String = "far-1",
        region: String = region,
        on host: Namespace? = nil,
        endpointAddress: String = Topology.endpointAddress,
        of world: World
    ) throws {
        self.world = world
        self.name = name
        self.host = host ?? world.host
        self.endpointAddress = endpointAddress
        if name == "\(region)-1" { try world.require("region", "create", region) }
        let made = try world.wgw(
            "node",
            "create",
            name,
            "--region",
            region,
            "--endpoint-address",
            endpointAddress,
            "--port-range",
            Self.ports,
            "-o",
            "json"
        )
        guard let found = made.output.firstMatch(of: /wgw-join-1[^"]*/) else {
            throw Command.Failure(description: "wgw node create: \(made.output)")
        }
        token = String(found.0)
    }

    deinit {
        process?.kill()
        line?.kill()
    }

    /// How the server says that the node is.
    func state() throws -> String {
        let shown = try world.wgw("node", "get", name, "-o", "json")
        return shown.output.firstMatch(of: /"state": ?"(\w+)"/).map { String($0.1) } ?? ""
    }

    func becomes(_ state: String) async throws -> Bool {
        try await eventually { try self.state() == state }
    }

    func logs(_ words: String) async throws -> Bool {
        try await eventually { self.log.contains(words) }
    }

    var log: String { process?.errors ?? "" }

    /// How many answers to initiations of its only gateway it refused in all of its runs, as the other side had begun a
    /// handshake meanwhile: its counters do not have them.
    var refusedResponses: Int {
        (formerLogs + [log]).reduce(0) { sum, log in
            // Each line counts from the start of the run.
            let last = log.matches(of: /unexpectedHandshake=(\d+)/).last
            return sum + (last.flatMap { Int($0.1) } ?? 0)
        }
    }
    var isRunning: Bool { process?.isRunning == true }

    func dataDirectory(_ suffix: String = "") -> URL {
        world.folder.appending(path: "node-\(name)\(suffix)")
    }

    // The line

    /// - Parameter isOlder: whether the node says through it that it knows an earlier version of the protocol.
    func connectLine(
        milliseconds: Int = 0,
        bitsPerSecond: Int = 0,
        isOlder: Bool = false
    ) async throws {
        let words = [world.apiAddress, "8080", "\(milliseconds)", "\(bitsPerSecond)"]
        _ = try await connect(to: "line.py", words + (isOlder ? ["older"] : []))
    }

    /// In the place of the server there is one that answers nothing that means anything.
    ///
    /// - Returns: its process, which writes a line for each answer that it has given, and "all" when a node has had
    ///   each of them.
    func connectLiar(about gateway: GatewayRecord) async throws -> BackgroundProcess {
        let id = token.split(separator: ".", omittingEmptySubsequences: false)[3]
        return try await connect(to: "liar.py", [String(id), gateway.id])
    }

    private func connect(to script: String, _ words: [String]) async throws -> BackgroundProcess {
        lines += 1
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: script)
        let line = try world.background(
            ["python3", file.path, "\(Self.port)"] + words,
            on: host,
            name: "line-\(name)-\(lines)"
        )
        self.line = line
        let isThere = try await eventually { line.output.contains("ready") }
        guard isThere else { throw Command.Failure(description: line.errors) }
        return line
    }

    func cutLine() {
        line?.kill()
        line = nil
    }

    /// Nothing comes through any more, and neither end is told.
    func freezeLine() { line?.send(SIGSTOP) }
    func thawLine() { line?.send(SIGCONT) }

    // The process

    func command(_ more: [String] = [], data suffix: String = "") -> [String] {
        let words = clock?.applied(to: Program.egressCommand) ?? Program.egressCommand
        return words + ["node", "--data-dir", dataDirectory(suffix).path] + more
    }

    func join(_ more: [String] = []) async throws {
        try await start(["--join", token] + more)
    }

    func launch(_ more: [String] = []) throws {
        runs += 1
        formerLogs.append(log)
        process = try world.background(
            command(more),
            on: host,
            name: "node-\(name)-\(runs)"
        )
    }

    func start(_ more: [String] = []) async throws {
        try launch(more)
        try await process?.waitUntilReady()
    }

    func kill() { process?.kill() }

    func stop() async throws -> Int32 { try await process?.stop() ?? -1 }
}
