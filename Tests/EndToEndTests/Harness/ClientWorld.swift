import EndToEndSupport
import Foundation
import TestSupport

/// A server with a gateway named `first`, and the program that asks it as a user does, with a folder of its own.
struct ClientWorld {
    let server: LoopbackServer
    /// Nil in an empty world.
    private let made: GatewayRecord?
    /// `HOME` of the commands.
    let userFolder: URL

    static func run(
        _ options: [String] = [],
        body: (ClientWorld) async throws -> Void
    ) async throws {
        try await empty(options) { world in
            let network = try await world.server.api.createNetwork("office")
            let gateway = try await world.server.api.createGateway(
                network: network.id,
                name: "first"
            )
            try await body(
                ClientWorld(server: world.server, made: gateway, userFolder: world.userFolder)
            )
        }
    }

    /// A server without networks.
    static func empty(
        _ options: [String] = [],
        body: (ClientWorld) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { folder in
            try await LoopbackServer.run(options, in: folder) { server in
                let userFolder = folder.appending(path: "user")
                try FileManager.default.createDirectory(
                    at: userFolder,
                    withIntermediateDirectories: true
                )
                try await body(ClientWorld(server: server, made: nil, userFolder: userFolder))
            }
        }
    }

    var gateway: GatewayRecord {
        guard let made else { preconditionFailure("an empty world has no gateway") }
        return made
    }

    func makePeer(_ name: String) async throws -> PeerRecord {
        try await server.api.createPeer(gateway: gateway.id, name: name)
    }

    /// Runs a command of the program to its end; its output and its errors are together.
    func wgw(_ words: String..., key: String = Program.apiKey) throws -> Command.Result {
        try run(words, key: key)
    }

    /// The output of a command that must succeed.
    @discardableResult
    func require(_ words: String...) throws -> String { try require(words) }

    @discardableResult
    func require(_ words: [String]) throws -> String {
        try Command.require(command() + words)
    }

    /// Runs a command without a server in its environment.
    func bare(_ words: [String], input: String? = nil) throws -> Command.Result {
        let environment = ["env", "-i", "PATH=/usr/bin:/bin", "HOME=\(userFolder.path)"]
        return try Command.run(environment + [Program.binary.path] + words, input: input)
    }

    func run(_ words: [String], key: String = Program.apiKey) throws -> Command.Result {
        try Command.run(command(key: key) + words)
    }

    /// The words in front of those of a command.
    func command(_ environment: [String] = [], key: String = Program.apiKey) -> [String] {
        [
            "env", "-i", "PATH=/usr/bin:/bin", "HOME=\(userFolder.path)",
            "WGW_URL=\(server.base.absoluteString)", "WGW_API_KEY=\(key)",
        ] + environment + [Program.binary.path]
    }
}

extension Command.Result {
    /// The output with what differs from run to run in words of one form: ids, keys and times.
    var masked: String {
        output
            .replacing(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, with: "ID")
            .replacing(/[A-Za-z0-9+\/]{43}=/, with: "KEY")
            .replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/, with: "TIME")
            .replacing(/127\.0\.0\.1:\d+/, with: "ADDRESS:PORT")
    }
}
