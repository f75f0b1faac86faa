import EndToEndSupport
import Foundation
import Glibc
import TestSupport
import Testing

/// A `wgw hub` on a host of its own, the config file that a test writes for it, and stock clients.
final class HubWorld {
    /// The file is `NAME.conf`, which is what `wgw show` calls the gateway.
    let name: String
    /// What the hub's host knows of names, where a test gave it a resolver.
    let names: HostNames?
    private let stage: Stage
    private let words: [String]
    private var hub: BackgroundProcess
    private var lives = 1
    private let privateKey: String
    /// The hub's own, with its length; nil leaves the line out.
    private let address: String?
    private var clients: [WireGuardClient] = []

    static let port = 51_820

    /// Everything that was made is gone afterwards, whatever the body does.
    static func run(
        workers: Int,
        address: String? = "10.77.0.1/24",
        peers: [HubPeer],
        resolver: String? = nil,
        _ body: (HubWorld) async throws -> Void
    ) async throws {
        try await Stage.with { stage in
            let names = try resolver.map { try HostNames(of: stage.topology.server, resolver: $0) }
            defer { names?.remove() }
            if resolver != nil {
                // What is sent there comes back and is dropped, without an error.
                try stage.topology.server.run("ip", "route", "add", "203.0.113.5", "dev", "lo")
            }
            let world = try await HubWorld(
                on: stage,
                workers: workers,
                address: address,
                peers: peers,
                names
            )
            defer { world.clients.forEach { $0.stop() } }
            do {
                try await body(world)
            } catch {
                Issue.record("The hub's log:\n\(world.log)")
                throw error
            }
            #expect(try await world.hub.stop() == 0, "SIGTERM stops the hub cleanly")
        }
    }

    private init(
        on stage: Stage,
        workers: Int,
        address: String?,
        peers: [HubPeer],
        _ names: HostNames?
    ) async throws {
        self.stage = stage
        self.address = address
        self.names = names
        name = "hub-\(getpid())-\(stage.label)"
        privateKey = try HubPeer.word(of: Command.require("wg", "genkey"))
        let file = stage.folder.appending(path: "\(name).conf")
        try Self.text(privateKey, address, peers).write(to: file, atomically: true, encoding: .utf8)
        let environment = ["env", "STATE_DIRECTORY=\(stage.folder.path)"]
        let program = [Program.binary.path, "hub", file.path, "--workers", "\(workers)"]
        words = stage.topology.server.command(
            Array(Program.command.dropLast()) + environment + program
        )
        hub = try await .ready(words, logs: stage.folder, name: "hub")
    }

    /// Ends the hub as a power cut would, and starts it again.
    func killAndStart() async throws {
        hub.kill()
        lives += 1
        hub = try await .ready(words, logs: stage.folder, name: "hub-\(lives)")
    }

    /// What the hub would find at its next start.
    var remembered: String {
        let files = try? FileManager.default.contentsOfDirectory(atPath: stage.folder.path)
        let file = files?.first { $0.hasSuffix(".peers") }
        return file.flatMap {
            try? String(contentsOf: stage.folder.appending(path: $0), encoding: .utf8)
        } ?? ""
    }

    var log: String { hub.errors }

    private var file: URL { stage.folder.appending(path: "\(name).conf") }

    /// Writes the file anew, sends SIGHUP, and comes back when the hub says what it made of it.
    func reload(
        peers: [HubPeer],
        port: Int = port,
        interface: String = "",
        andBehindThem rest: String = ""
    ) async throws {
        let text = Self.text(privateKey, address, peers, port: port, interface: interface) + rest
        try text.write(to: file, atomically: true, encoding: .utf8)
        let lines = log.split(separator: "\n").count
        hub.send(SIGHUP)
        let isDone = try await eventually(every: .milliseconds(1)) {
            self.log.split(separator: "\n").dropFirst(lines).contains { $0.contains("config file") }
        }
        #expect(isDone, "the hub heard SIGHUP")
    }

    /// A stock client with the peer's key on a host of its own.
    func connect(
        _ peer: HubPeer,
        mtu: Int = 1420,
        overLinkLocal isLinkLocal: Bool = false
    ) async throws -> WireGuardClient {
        let link = try stage.topology.addHost(peer.name)
        let endpoint =
            isLinkLocal
            ? try link.addLinkLocal(server: link.device, client: "eth0")
            : Topology.endpointAddress
        let hubKey = try HubPeer.word(of: Command.require("wg", "pubkey", input: privateKey))
        let config = """
            [Interface]
            PrivateKey = \(peer.privateKey)
            Address = \(peer.address)/32
            [Peer]
            PublicKey = \(hubKey)
            AllowedIPs = 10.77.0.0/24
            Endpoint = \(endpoint):\(Self.port)
            PersistentKeepalive = 25
            """
        let client = try await WireGuardClient(
            on: link,
            config: ClientConfig(text: config, privateKey: peer.privateKey),
            mtu: mtu,
            world: stage.label,
            logs: stage.folder
        )
        clients.append(client)
        return client
    }

    /// A shell's command that runs beside the test, on a client's host.
    func run(
        _ script: String,
        on client: WireGuardClient,
        name: String
    ) throws -> BackgroundProcess {
        try BackgroundProcess(
            client.host.command(["sh", "-c", script]),
            logs: stage.folder,
            name: "\(name)-\(client.device)"
        )
    }

    /// What `wgw show` prints for this hub.
    func show(_ words: String...) throws -> String {
        try Command.require([Program.binary.path, "show", name] + words)
    }

    private static func text(
        _ privateKey: String,
        _ address: String?,
        _ peers: [HubPeer],
        port: Int = port,
        interface: String = ""
    ) -> String {
        """
        [Interface]
        PrivateKey = \(privateKey)
        ListenPort = \(port)
        \(address.map { "Address = \($0)" } ?? "")

        """ + interface + peers.map(\.section).joined()
    }
}

/// A peer of a hub's config file.
struct HubPeer {
    let name: String
    let privateKey: String
    let publicKey: String
    let address: String
    var endpoint: String?

    init(_ name: String, number: Int) throws {
        self.name = name
        privateKey = try Self.word(of: Command.require("wg", "genkey"))
        publicKey = try Self.word(of: Command.require("wg", "pubkey", input: privateKey))
        address = "10.77.0.\(number)"
    }

    var section: String {
        """
        [Peer]
        PublicKey = \(publicKey)
        AllowedIPs = \(address)/32

        """ + (endpoint.map { "Endpoint = \($0)\n" } ?? "")
    }

    static func word(of output: String) -> String {
        String(output.prefix { !$0.isWhitespace })
    }
}

/// The names that a host knows, apart from those of this machine.
struct HostNames {
    private let folder: URL
    private var hosts: URL { folder.appending(path: "hosts") }

    /// For programs that are started on the host from now on.
    init(of host: Namespace, resolver: String) throws {
        folder = URL(filePath: "/etc/netns/\(host.name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try resolver.write(
            to: folder.appending(path: "resolv.conf"),
            atomically: false,
            encoding: .utf8
        )
        try set("")
    }

    /// Written in place: programs that run have this very file.
    func set(_ text: String) throws {
        try text.write(to: hosts, atomically: false, encoding: .utf8)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}
