import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain
import NetAddress
import WireGuardCrypto

/// `wgw gateway create office --network home`.
struct GatewayCreateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a gateway in a network.",
        discussion: """
            Without --network it is made in the only network that there is, and without --region in \
            the only region.

            --private-key, --listen-port and --server-ip-address make a gateway that takes the place of \
            another server, and take an API key with the role admin; wgw import reads all three from that \
            server's config file.
            """
    )

    @Argument(help: "What people call the gateway.") var name: String?
    @OptionGroup var place: GatewayPlace

    @Option(
        help: ArgumentHelp(
            "The gateway's tunnel subnet, inside the network's block.",
            valueName: "prefix"
        ),
        transform: IPv4Prefix.argument
    )
    var subnet: IPv4Prefix?

    @Option(
        help: ArgumentHelp(
            "The length of the subnet that is taken for the gateway, where none is given.",
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

    @Option(
        help: ArgumentHelp(
            "A file with the gateway's private key on its one line.",
            valueName: "file"
        ),
        completion: .file()
    )
    var privateKey: String?

    @Option(
        help: ArgumentHelp(
            "The gateway's UDP port, which may lie outside the server's range.",
            valueName: "port"
        )
    )
    var listenPort: UInt16?

    @Option(
        name: .customLong("server-ip-address"),
        help: ArgumentHelp(
            "The gateway's own address inside the tunnel, with the length of its subnet.",
            valueName: "address/length"
        ),
        transform: InterfaceAddress.argument
    )
    var serverAddress: InterfaceAddress?

    @OptionGroup(title: "Private services") var services: GatewayServiceOptions
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
        request.enablesSIPTrunking = services.requestedFlag
        request.serviceNames = services.requestedNames
        if let subnet { request.subnet = .value(subnet) }
        if let subnetPrefixLength { request.subnetPrefixLength = .value(subnetPrefixLength) }
        if let mtu { request.mtu = .value(mtu) }
        if let keepalive { request.persistentKeepalive = .value(keepalive) }
        if let privateKey {
            request.privateKey = .value(try .inFile(privateKey, named: "--private-key"))
        }
        if let listenPort { request.listenPort = .value(listenPort) }
        if let serverAddress { request.serverAddress = .value(serverAddress) }
        try await output.print(try await client.create(.gateways, request), client)
    }
}
