import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw network default-gateway office --peer router`.
struct DefaultGatewayCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "default-gateway",
        abstract: "Show, choose or take away the peer that a network sends everything else to.",
        discussion: """
            What has no better route in the network goes to this peer, which has to send it on. --peer puts \
            it in the place of the one that the network has. A device \
            sends everything there with a config that wgw peer config --full-tunnel prints.
            """
    )

    @Argument(help: "The network, by name or id.", completion: .names(of: NetworkNoun.self))
    var network: String

    @Option(
        help: "The peer that is to be the default gateway, by name or id.",
        completion: .names(of: PeerNoun.self)
    )
    var peer: String?

    @Flag(help: "Take the default gateway away; its peer stays.") var remove = false

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        if peer != nil, remove { throw ValidationError("give --peer or --remove, not both") }
    }

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: DefaultGatewayNoun.self)
        let found = try await NetworkNoun.find(network, client)
        if let peer {
            var request = NewDefaultGateway()
            request.peerID = .value(try await PeerNoun.find(peer, client).id)
            let made = try await client.replaceDefaultGateway(of: found.id, by: request)
            if let made { try await output.print(made, client) }
            return
        }
        guard let current = try await client.defaultGateway(of: found.id) else {
            throw CommandFailure(
                """
                the network has no default gateway; wgw network default-gateway \(network.shellWord) \
                --peer PEER makes one
                """,
                .notFound
            )
        }
        guard remove else { return try await output.print(current, client) }
        if let last = try await client.deleteDefaultGateway(of: found.id) {
            let title = NetworkNoun.title(of: found).withoutControls
            try output.print(done: "network '\(title)' has no default gateway any more", last)
        }
    }
}
