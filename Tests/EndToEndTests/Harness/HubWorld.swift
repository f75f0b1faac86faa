import Foundation
import Glibc
import Testing

/// A `wgw hub` on a host of its own, the config file that a test writes for it, and stock clients.
final class HubWorld {
    /// The file is `NAME.conf`, which is what `wgw show` calls the gateway.
    let name: String
    private let stage: Stage
    private let hub: BackgroundProcess
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
        _ body: (HubWorld) async throws -> Void
    ) async throws {
        try await Stage.with { stage in
            let world = try await HubWorld(
                on: stage,
                workers: workers,
                address: address,
                peers: peers
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
        peers: [HubPeer]
    ) async throws {
        self.stage = stage
        self.address = address
        name = "hub-\(getpid())-\(stage.label)"
        privateKey = try HubPeer.word(of: Command.require("wg", "genkey"))
        let file = stage.folder.appending(path: "\(name).conf")
        try Self.text(privateKey, address, peers).write(to: file, atomically: true, encoding: .utf8)
        let hub = try BackgroundProcess(
            stage.topology.server.command(
                WGWServer.command + ["hub", file.path, "--workers", "\(workers)"]
            ),
            logs: stage.folder,
            name: "hub"
        )
        self.hub = hub
        let isReady = try await eventually(within: .seconds(10)) {
            hub.output.contains("wgw is ready") || !hub.isRunning
        }
        guard isReady, hub.isRunning else {
            throw Command.Failure(description: "wgw hub did not start: \(hub.errors)")
        }
    }

    var log: String { hub.errors }

    private var file: URL { stage.folder.appending(path: "\(name).conf") }

    /// Writes the file anew, sends SIGHUP, and comes back when the hub says what it made of it.
    func reload(peers: [HubPeer], andBehindThem rest: String = "") async throws {
        let text = Self.text(privateKey, address, peers) + rest
        try text.write(to: file, atomically: true, encoding: .utf8)
        let lines = log.split(separator: "\n").count
        hub.send(SIGHUP)
        let isDone = try await eventually(within: .seconds(5), every: .milliseconds(1)) {
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
        try Command.require([WGWServer.binary.path, "show", name] + words)
    }

    private static func text(
        _ privateKey: String,
        _ address: String?,
        _ peers: [HubPeer]
    ) -> String {
        """
        [Interface]
        PrivateKey = \(privateKey)
        ListenPort = \(port)
        \(address.map { "Address = \($0)" } ?? "")

        """ + peers.map(\.section).joined()
    }
}

/// A peer of a hub's config file.
struct HubPeer {
    let name: String
    let privateKey: String
    let publicKey: String
    let address: String

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

        """
    }

    static func word(of output: String) -> String {
        String(output.prefix { !$0.isWhitespace })
    }
}
