import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// A running server on hosts of its own, and the clients that a test adds.
final class World {
    let server: WGWServer
    private let stage: Stage
    /// Of this server's own files.
    let folder: URL
    private let url: String
    private var clients: [WireGuardClient] = []
    private var webServers: [BackgroundProcess] = []

    var api: APIClient { server.api }
    /// What the server runs on.
    var host: Namespace { stage.topology.server }
    var apiAddress: String { stage.topology.apiAddress }
    /// Tells this world's hosts from those of others.
    var label: String { stage.label }
    /// The server's.
    var dataDirectory: URL { folder.appending(path: "data") }

    /// What holds with one worker must hold with several, which share every gateway.
    static let workerCounts = [1, 2]

    /// Everything that was made is gone afterwards, whatever the body does.
    static func run(
        workers: Int,
        program: [String] = Program.command,
        options: [String] = [],
        _ body: (World) async throws -> Void
    ) async throws {
        try await Stage.with { stage in
            try await run(program, on: stage, workers: workers, options: options, body)
        }
    }

    /// The same for another server on the host of `first`, with options that keep them apart.
    static func run(
        besides first: World,
        options: [String],
        _ body: (World) async throws -> Void
    ) async throws {
        try await run(
            Program.egressCommand,
            on: first.stage,
            workers: 1,
            number: 2,
            options: options,
            body
        )
    }

    private static func run(
        _ program: [String],
        on stage: Stage,
        workers: Int,
        number: Int = 1,
        options: [String] = [],
        _ body: (World) async throws -> Void
    ) async throws {
        let world = try await World(
            program,
            on: stage,
            workers: workers,
            number: number,
            options: options
        )
        defer { world.clients.forEach { $0.stop() } }
        do {
            try await body(world)
        } catch {
            Issue.record("The server's log:\n\(world.server.log)")
            throw error
        }
        #expect(try await world.server.stop() == 0, "SIGTERM stops the server cleanly")
    }

    private init(
        _ program: [String],
        on stage: Stage,
        workers: Int,
        number: Int,
        options: [String]
    ) async throws {
        self.stage = stage
        folder = number == 1 ? stage.folder : stage.folder.appending(path: "server-\(number)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let port = 8079 + number
        url = "http://\(stage.topology.apiAddress):\(port)"
        server = try await WGWServer(
            program,
            in: stage.topology.server,
            listen: stage.topology.apiAddress,
            port: port,
            endpointAddress: Topology.endpointAddress,
            dataDirectory: folder.appending(path: "data"),
            workers: workers,
            options: options,
            logs: folder
        )
    }

    /// A network with one gateway that is ready.
    func addGateway(
        _ name: String = "first",
        region: String = "local"
    ) async throws -> GatewayRecord {
        try await addGateway(toNetwork: api.createNetwork(name).id, region: region)
    }

    /// One more gateway of a network, which is ready.
    func addGateway(toNetwork network: String, region: String) async throws -> GatewayRecord {
        let gateway = try await api.createGateway(network: network, region: region)
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
    ///   - routes: the networks behind it.
    ///   - services: where all that the client sends, in the tunnel and outside of it, passes their router; nil where
    ///     it is at the server's host.
    ///   - node: what carries the gateway, where that is not the server's host.
    ///   - adjust: changes the text of the config, and may so make it wrong.
    func addClient(
        _ name: String,
        of gateway: GatewayRecord,
        keepalive: Int? = nil,
        mtu: Int = 1420,
        privateKey: String? = nil,
        routes: [String] = [],
        behindRouterOf services: ServiceHost? = nil,
        at node: RemoteMachine? = nil,
        adjust: (String) throws -> String = { $0 }
    ) async throws -> Member {
        let peer = try await createPeer(name, of: gateway, routes: routes)
        return try await addClient(
            name,
            as: peer,
            keepalive: keepalive,
            mtu: mtu,
            privateKey: privateKey,
            behindRouterOf: services,
            at: node,
            adjust: adjust
        )
    }

    /// A peer without a client yet.
    func createPeer(
        _ name: String,
        of gateway: GatewayRecord,
        routes: [String]
    ) async throws -> PeerRecord {
        let peer = try await api.createPeer(gateway: gateway.id, name: name)
        if !routes.isEmpty {
            try require("peer", "update", peer.id, "--route", routes.joined(separator: ","))
        }
        return peer
    }

    /// A client of a peer that is there, whose config is fetched now.
    func addClient(
        _ name: String,
        as peer: PeerRecord,
        keepalive: Int? = nil,
        mtu: Int = 1420,
        privateKey: String? = nil,
        behindRouterOf services: ServiceHost? = nil,
        at node: RemoteMachine? = nil,
        adjust: (String) throws -> String = { $0 }
    ) async throws -> Member {
        if let keepalive { _ = try await api.setKeepalive(keepalive, ofPeer: peer.id) }
        let config = ClientConfig(
            text: try adjust(try await api.config(ofPeer: peer.id)),
            textForSetconf: try adjust(
                try await api.config(ofPeer: peer.id, format: "wg-setconf")
            ),
            privateKey: try privateKey ?? #require(peer.privateKey)
        )
        let link = try stage.topology.addHost(name, behind: node?.host)
        try services?.connect(link)
        let client = try await WireGuardClient(
            on: link,
            config: config,
            mtu: mtu,
            world: stage.label,
            logs: stage.folder
        )
        clients.append(client)
        return Member(peer: peer, client: client)
    }

    /// The member's client runs with the config that the API gives now.
    func refresh(_ member: Member) async throws {
        let config = try await api.config(ofPeer: member.peer.id)
        try member.client.take(
            ClientConfig(text: config, privateKey: try #require(member.peer.privateKey))
        )
    }

    /// A host that reaches the server's and no other.
    func addHost(_ name: String) throws -> Namespace { try stage.topology.addHost(name).client }

    /// `wgw connect` with the config that the API gives for a new peer.
    func addConnectedHost(_ name: String, of gateway: GatewayRecord) async throws -> ConnectedHost {
        let peer = try await api.createPeer(gateway: gateway.id, name: name)
        let config = ClientConfig(
            text: try await api.config(ofPeer: peer.id),
            privateKey: try #require(peer.privateKey)
        )
        return try await ConnectedHost(
            on: stage.topology.addHost(name),
            config: config.text,
            world: stage.label,
            logs: stage.folder
        )
    }

    /// A host of the network behind a client, which forwards for it.
    func addSiteHost(_ name: String, at address: String, behind member: Member) throws -> Namespace
    {
        let link = try stage.topology.addHost(name, behind: member.host)
        try link.client.run("ip", "address", "add", "\(address)/32", "dev", "lo")
        try link.client.run(
            "ip",
            "route",
            "replace",
            "default",
            "via",
            "10.201.\(link.number).1",
            "src",
            address
        )
        try member.host.run("ip", "route", "add", "\(address)/32", "via", link.address)
        try member.host.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        return link.client
    }

    /// How many packets of the gateway went no further for this reason.
    func drops(_ reason: String, of gateway: GatewayRecord) async throws -> Int {
        let start =
            "wgw_gateway_drops_total{gateway=\"\(gateway.id)\",reason=\"\(reason)\"} "
        let line = try await api.metrics().first { $0.hasPrefix(start) }
        return try #require(line.flatMap { Int($0.dropFirst(start.count)) })
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
        try await OtherServer(on: stage, file: file, address: address, networks: networks)
    }

    /// Puts a file into the folder of this test, and answers its path.
    func write(_ text: String, to name: String) throws -> String {
        let file = stage.folder.appending(path: name)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    /// The command line as an admin of this server.
    func wgw(_ words: String...) throws -> Command.Result { try run(words) }

    private func run(_ words: [String]) throws -> Command.Result {
        let environment = [
            "env", "-i", "PATH=/usr/bin:/bin", "HOME=\(stage.folder.path)",
            "WGW_URL=\(url)", "WGW_API_KEY=\(Program.apiKey)",
        ]
        return try Command.run(environment + [Program.binary.path] + words)
    }

    /// The same, where an end with another status fails the test.
    func require(_ words: String...) throws {
        let result = try run(words)
        guard result.status == 0 else {
            throw Command.Failure(description: "\(words): \(result.output)")
        }
    }

    /// Starts a web server on the member's tunnel address, and answers with the URL of its one page.
    func serveWeb(_ body: String, on member: Member) async throws -> String {
        try await serveWeb(body, on: member.host, at: member.address)
    }

    /// The same at any address of a host.
    func serveWeb(_ body: String, on host: Namespace, at address: String) async throws -> String {
        let root = stage.folder.appending(path: "web-\(address)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        try Data(body.utf8).write(to: root.appending(path: "page.txt"))
        let words = ["busybox", "httpd", "-f", "-p", "\(address):8000", "-h", root.path]
        webServers.append(
            try BackgroundProcess(
                host.command(words),
                logs: stage.folder,
                name: "httpd-\(address)"
            )
        )
        let url = "http://\(address):8000/page.txt"
        let isUp = try await eventually {
            try host.fetch(url) == body
        }
        #expect(isUp, "the web server of \(address) is up")
        return url
    }

    /// A host behind a router that passes on only what the server's host sends in its own name.
    func addServiceHost(_ addresses: KeyValuePairs<String, String>) throws -> ServiceHost {
        try ServiceHost(addresses, on: stage.topology, logs: stage.folder)
    }

    /// A private service of these prefixes, to which the gateways lead from then on.
    func lead(_ gateways: [GatewayRecord], to name: String, _ prefixes: [String]) throws {
        try require("service", "create", name, "--prefixes", prefixes.joined(separator: ","))
        for gateway in gateways {
            try require("gateway", "update", gateway.id, "--services", name)
        }
    }

    func isProvisioned(_ gateway: GatewayRecord) async throws -> Bool {
        try await eventually { try await self.api.gateway(gateway.id).status == "provisioned" }
    }

    /// What the servers have made in the kernel: their firewall tables and their devices.
    func kernelState() throws -> [String] {
        let tables = try stage.topology.server.run("nft", "list", "tables")
        let links = try stage.topology.server.run("ip", "-o", "link", "show", "type", "tun")
        return tables.split(separator: "\n").map(String.init).filter { $0.contains("wgw_") }
            + links.split(separator: "\n").map(String.init)
    }

    /// A command that runs on a host until it is killed, or until its host is gone.
    func background(_ words: [String], on host: Namespace, name: String) throws -> BackgroundProcess
    {
        try BackgroundProcess(host.command(words), logs: stage.folder, name: name)
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
