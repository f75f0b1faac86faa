import EndToEndSupport
import Foundation
import TestSupport

/// A server with a gateway named `first`, and the program that asks it as a user does, with a folder of its own.
struct ClientWorld {
    let server: LoopbackServer
    let network: NetworkRecord
    let gateway: GatewayRecord
    /// `HOME` of the commands.
    let userFolder: URL

    static func run(
        _ options: [String] = [],
        body: (ClientWorld) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { folder in
            try await LoopbackServer.run(options, in: folder) { server in
                let network = try await server.api.createNetwork("office")
                let gateway = try await server.api.createGateway(network: network.id, name: "first")
                let userFolder = folder.appending(path: "user")
                try FileManager.default.createDirectory(
                    at: userFolder,
                    withIntermediateDirectories: true
                )
                try await body(
                    ClientWorld(
                        server: server,
                        network: network,
                        gateway: gateway,
                        userFolder: userFolder
                    )
                )
            }
        }
    }

    func makePeer(_ name: String) async throws -> PeerRecord {
        try await server.api.createPeer(gateway: gateway.id, name: name)
    }

    /// Runs a command of the program to its end; its output and its errors are together.
    func wgw(_ words: String..., key: String = Program.apiKey) throws -> Command.Result {
        try run(words, key: key)
    }

    func run(_ words: [String], key: String = Program.apiKey) throws -> Command.Result {
        try Command.run(command(key: key) + words)
    }

    /// The words in front of those of a command.
    func command(key: String = Program.apiKey) -> [String] {
        [
            "env", "-i", "PATH=/usr/bin:/bin", "HOME=\(userFolder.path)",
            "WGW_URL=\(server.base.absoluteString)", "WGW_API_KEY=\(key)", Program.binary.path,
        ]
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
