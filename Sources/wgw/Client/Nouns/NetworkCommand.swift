import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain
import NetAddress

/// `wgw network`.
struct NetworkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: NetworkNoun.word,
        abstract: "Routing domains: two networks never see each other's packets.",
        subcommands: [
            ListCommand<NetworkNoun, NoFilter>.self, GetCommand<NetworkNoun>.self,
            NetworkCreateCommand.self, NetworkUpdateCommand.self,
            DeleteCommand<NetworkNoun>.self, WatchCommand<NetworkNoun>.self,
            DefaultGatewayCommand.self,
        ]
    )
}

struct NetworkCreateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a network."
    )

    @Argument(help: "What people call the network.") var name: String

    @Option(
        help: ArgumentHelp(
            "The addresses that its gateways take their subnets from, like 10.64.0.0/16.",
            valueName: "prefix"
        ),
        transform: IPv4Prefix.argument
    )
    var addressBlock: IPv4Prefix?

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: NetworkNoun.self)
        var request = NewNetwork()
        request.name = .value(name)
        if let addressBlock { request.addressBlock = .value(addressBlock) }
        try await output.print(try await client.create(.networks, request), client)
    }
}

struct NetworkUpdateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Give a network another name."
    )

    @Argument(help: "The network, by name or id.", completion: .names(of: NetworkNoun.self))
    var network: String

    @Option(
        name: .customLong("name"),
        help: ArgumentHelp("The network's new name.", valueName: "name")
    )
    var newName: String

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: NetworkNoun.self)
        let found = try await NetworkNoun.find(network, client)
        var change = NetworkChange()
        change.name = .value(newName)
        try await output.print(try await client.update(.networks, found.id, change), client)
    }
}
