import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw gateway update office --mtu 1380`.
struct GatewayUpdateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a gateway; sessions of its peers go on."
    )

    @Argument(help: "The gateway, by name or id.", completion: .names(of: GatewayNoun.self))
    var gateway: String

    @Option(
        name: .customLong("name"),
        help: ArgumentHelp("The gateway's new name.", valueName: "name")
    )
    var newName: String?

    @Option(help: ArgumentHelp("The MTU of the tunnel.", valueName: "bytes")) var mtu: Int?

    @Option(
        help: ArgumentHelp(
            "Seconds between keepalives of its peers; 0 for none.",
            valueName: "seconds"
        )
    )
    var keepalive: Int?

    @OptionGroup(title: "Private services") var services: GatewayServiceOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        if newName == nil, mtu == nil, keepalive == nil, services.isEmpty {
            throw ValidationError(
                "give --name, --mtu, --keepalive, --services or --enable-sip-trunking"
            )
        }
    }

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: GatewayNoun.self)
        let found = try await GatewayNoun.find(gateway, client)
        var change = GatewayChange()
        if let newName { change.name = .value(newName) }
        change.enablesSIPTrunking = services.requestedFlag
        change.serviceNames = services.requestedNames
        if let mtu { change.mtu = .value(mtu) }
        if let keepalive { change.persistentKeepalive = .value(keepalive) }
        try await output.print(try await client.update(.gateways, found.id, change), client)
    }
}
