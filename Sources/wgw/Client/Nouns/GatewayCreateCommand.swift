import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain
import NetAddress

/// `wgw gateway create office --network home`.
struct GatewayCreateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a gateway in a network.",
        discussion: """
            Without --network it is made in the only network that there is, and without --region in \
            the only region.
            """
    )

    @Argument(help: "What people call the gateway.") var name: String?
    @OptionGroup var place: GatewayPlace

    @Option(
        help: ArgumentHelp("Its tunnel subnet, inside the network's block.", valueName: "prefix"),
        transform: IPv4Prefix.argument
    )
    var subnet: IPv4Prefix?

    @Option(
        help: ArgumentHelp(
            "The length of the subnet that is taken for it, where none is given.",
            valueName: "bits"
        )
    )
    var subnetPrefixLength: Int?

    @Option(help: ArgumentHelp("The MTU of the tunnel.", valueName: "bytes")) var mtu: Int?

    @Option(
        help: ArgumentHelp(
            "Seconds between keepalives of its peers; 0 for none.",
            valueName: "seconds"
        )
    )
    var keepalive: Int?

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: GatewayNoun.self)
        let command = (["wgw gateway create"] + (name.map { [$0.shellWord] } ?? [])).joined(
            separator: " "
        )
        var request = NewGateway()
        request.networkID = .value(try await place.network(client, command: command).id)
        request.regionCode = .value(try await place.regionCode(client, command: command))
        if let name { request.name = .value(name) }
        if let subnet { request.subnet = .value(subnet) }
        if let subnetPrefixLength { request.subnetPrefixLength = .value(subnetPrefixLength) }
        if let mtu { request.mtu = .value(mtu) }
        if let keepalive { request.persistentKeepalive = .value(keepalive) }
        try await output.print(try await client.create(.gateways, request), client)
    }
}
