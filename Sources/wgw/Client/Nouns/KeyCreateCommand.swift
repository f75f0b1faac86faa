import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain
import GatewayService

/// `wgw key create ci --role member`.
struct KeyCreateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an API key, and print it once.",
        discussion: """
            The key goes to standard output in its own line (-o json: api_key; -q: nothing else), and is \
            kept nowhere: keep it in a file that only its user may read.
            """
    )

    @Argument(help: "What people call the key.") var name: String

    @Option(help: "What the key may do: viewer, member, owner or admin.")
    var role: Role = .member

    @Option(
        name: .customLong("network"),
        help:
            "A network that the key sees, by name or id; several are given one by one. Without any it sees all.",
        completion: .names(of: NetworkNoun.self)
    )
    var networks: [String] = []

    @Option(
        help: ArgumentHelp("How long the key lasts, like 12h or 90d.", valueName: "time"),
        transform: TimeSpan.argument
    )
    var expires: TimeSpan?

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: KeyNoun.self, isDisclosing: true)
        var request = NewAPIKey()
        request.name = .value(name)
        request.role = .value(role)
        if !networks.isEmpty {
            request.networkIDs = .value(try await NetworkNoun.ids(of: networks, client))
        }
        if let expires {
            request.expiresAt = .value(Timestamp.now().advanced(bySeconds: expires.seconds))
        }
        let made = try await client.create(.apiKeys, request)
        try await output.print(made, client, secrets: [("api-key", made.text)])
    }
}

extension Role: ExpressibleByArgument {}
