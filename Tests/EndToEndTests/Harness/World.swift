import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// A running server on hosts of its own, and the clients that a test adds.
final class World {
    let server: WGWServer
    private let stage: Stage
    private var clients: [WireGuardClient] = []
    private var webServers: [BackgroundProcess] = []

    var api: APIClient { server.api }
    /// The server's.
    var dataDirectory: URL { stage.folder.appending(path: "data") }

    /// What holds with one worker must hold with several, which share every gateway.
    static let workerCounts = [1, 2]

    /// Everything that was made is gone afterwards, whatever the body does.
    static func run(
        workers: Int,
        _ body: (World) async throws -> Void
    ) async throws {
        try await Stage.with { stage in try await run(on: stage, workers: workers, body) }
    }

    private static func run(
        on stage: Stage,
        workers: Int,
        _ body: (World) async throws -> Void
    ) async throws {
        let world = try await World(on: stage, workers: workers)
        defer { world.clients.forEach { $0.stop() } }
        do {
            try await body(world)
        } catch {
            Issue.record("The server's log:\n\(world.server.log)")
            throw error
        }
        #expect(try await world.server.stop() == 0, "SIGTERM stops the server cleanly")
    }

    private init(on stage: Stage, workers: Int) async throws {
        self.stage = stage
        server = try await WGWServer(
            in: stage.topology.server,
            listen: stage.topology.apiAddress,
            endpointAddress: Topology.endpointAddress,
            dataDirectory: stage.folder.appending(path: "data"),
            workers: workers,
            logs: stage.folder
        )
    }

    /// A network with one gateway that is ready.
    func addGateway(_ name: String = "first") async throws -> GatewayRecord {
        let network = try await api.createNetwork(name)
        let gateway = try await api.createGateway(network: network.id)
        let isReady = try await eventually {
            try await self.api.gateway(gateway.id).status == "provisioned"
        }
        #expect(isReady, "the gateway is provisioned")
        return gateway
    }

    /// A peer that the API made and a client that runs with the config the API gave for it.
    ///
    /// - Parameters:
    ///   - keepalive: in seconds; nil for the gateway's.
    ///   - adjust: changes the text of the config, and may so make it wrong.
    func addClient(
        _ name: String,
        of gateway: GatewayRecord,
        keepalive: Int? = nil,
        mtu: Int = 1420,
        privateKey: String? = nil,
        adjust: (String) throws -> String = { $0 }
    ) async throws -> Member {
        let peer = try await api.createPeer(gateway: gateway.id, name: name)
        if let keepalive { _ = try await api.setKeepalive(keepalive, ofPeer: peer.id) }
        let config = ClientConfig(
            text: try adjust(try await api.config(ofPeer: peer.id)),
            textForSetconf: try adjust(
                try await api.config(ofPeer: peer.id, format: "wg-setconf")
            ),
            privateKey: try privateKey ?? #require(peer.privateKey)
        )
        let client = try await WireGuardClient(
            on: stage.topology.addHost(name),
            config: config,
            mtu: mtu,
            world: stage.label,
            logs: stage.folder
        )
        clients.append(client)
        return Member(peer: peer, client: client)
    }

    /// A stock client with a config that the API knows nothing of.
    func addClient(_ name: String, config: ClientConfig) async throws -> WireGuardClient {
        let client = try await WireGuardClient(
            on: stage.topology.addHost(name),
            config: config,
            world: stage.label,
            logs: stage.folder
        )
        clients.append(client)
        return client
    }

    /// A WireGuard server of another make, on the host of this one, with the text of its config file.
    func addOtherServer(
        file: String,
        address: String,
        networks: [String]
    ) async throws -> OtherServer {
        let server = try OtherServer(
            host: stage.topology.server,
            device: "old\(stage.label)",
            logs: stage.folder
        )
        try await server.start(file: file, address: address, networks: networks)
        return server
    }

    /// Puts a file into the folder of this test, and answers its path.
    func write(_ text: String, to name: String) throws -> String {
        let file = stage.folder.appending(path: name)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    /// The command line as an admin of this server.
    func wgw(_ words: String...) throws -> Command.Result {
        let environment = [
            "env", "-i", "PATH=/usr/bin:/bin", "HOME=\(stage.folder.path)",
            "WGW_URL=http://\(stage.topology.apiAddress):8080", "WGW_API_KEY=\(Program.apiKey)",
        ]
        return try Command.run(environment + [Program.binary.path] + words)
    }

    /// Starts a web server on the member's tunnel address, and answers with the URL of its one page.
    func serveWeb(_ body: String, on member: Member) async throws -> String {
        let root = stage.folder.appending(path: "web-\(member.address)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        try Data(body.utf8).write(to: root.appending(path: "page.txt"))
        let words = ["busybox", "httpd", "-f", "-p", "\(member.address):8000", "-h", root.path]
        webServers.append(
            try BackgroundProcess(member.host.command(words), logs: stage.folder, name: "httpd")
        )
        let url = "http://\(member.address):8000/page.txt"
        let isUp = try await eventually {
            try member.host.fetch(url) == body
        }
        #expect(isUp, "the web server of \(member.address) is up")
        return url
    }

    /// Waits until the API has seen both, so that the store knows where they are.
    func waitUntilSeen(_ members: Member...) async throws {
        for member in members {
            let isSeen = try await eventually {
                try await self.api.peer(member.peer.id).endpoint != nil
            }
            #expect(isSeen, "the API has seen \(member.peer.id)")
        }
    }
}

/// A peer of the API and the client that it is.
struct Member {
    let peer: PeerRecord
    let client: WireGuardClient

    var host: Namespace { client.host }
    var address: String { client.address }
}
