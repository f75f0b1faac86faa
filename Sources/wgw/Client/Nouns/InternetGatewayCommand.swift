import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw internet-gateway`.
struct InternetGatewayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: InternetGatewayNoun.word,
        abstract: "Ways from networks to the public internet, one in a region.",
        subcommands: [
            ListCommand<InternetGatewayNoun, InternetGatewayFilter>.self,
            GetCommand<InternetGatewayNoun>.self, InternetGatewayCreateCommand.self,
            DeleteCommand<InternetGatewayNoun>.self, WatchCommand<InternetGatewayNoun>.self,
        ]
    )
}

struct InternetGatewayFilter: ListFilter {
    @Option(
        help: "Only internet gateways of this network, by name or id.",
        completion: .names(of: NetworkNoun.self)
    )
    var network: String?

    func queries(_ client: GatewayClient) async throws -> [ListQuery] {
        guard let network else { return [ListQuery()] }
        let found = try await NetworkNoun.find(network, client)
        return [ListQuery([(InternetGatewayMembers.networkID.name, "\(found.id)")])]
    }
}

/// `wgw internet-gateway create exit --network office`.
struct InternetGatewayCreateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Give peers of a network in one region the way to the internet.",
        discussion: """
            Without --network it is made in the only network that there is, and without --region in the \
            only region. A device sends everything there with a config that wgw peer config --full-tunnel \
            prints.
            """
    )

    @Argument(help: "What people call the internet gateway.") var name: String?
    @OptionGroup var place: GatewayPlace
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: InternetGatewayNoun.self)
        let command = (["wgw internet-gateway create"] + (name.map { [$0.shellWord] } ?? []))
            .joined(separator: " ")
        var request = NewInternetGateway()
        request.networkID = .value(try await place.network(client, command: command).id)
        request.regionCode = .value(try await place.regionCode(client, command: command))
        if let name { request.name = .value(name) }
        try await output.print(try await client.create(.internetGateways, request), client)
    }
}
