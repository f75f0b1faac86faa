import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw gateway move office --node fra-2`.
struct GatewayMoveCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Give a gateway to another node of its region.",
        discussion: """
            It keeps its key and its subnet, and its port where that is free there. Where peers reach the other node at \
            the same address, as with an address that moves along, they notice next to nothing. Else each peer needs a \
            new config: wgw peer list shows whose is outdated. It takes an API key with the role admin.
            """
    )

    @Argument(help: "The gateway, by name or id.", completion: .names(of: GatewayNoun.self))
    var gateway: String

    @Option(help: "The node, by name or id.", completion: .names(of: NodeNoun.self))
    var node: String

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: GatewayNoun.self)
        let found = try await GatewayNoun.find(gateway, client)
        var change = GatewayChange()
        change.nodeID = .value(try await NodeNoun.find(node, client).id)
        try await output.print(try await client.update(.gateways, found.id, change), client)
    }
}
