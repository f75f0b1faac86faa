import ArgumentParser
import GatewayClient

/// `wgw peer get laptop`, and that of every other noun that has names.
struct GetCommand<N: NamedNoun>: ClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "get", abstract: "Show one \(N.phrase).")
    }

    @Argument(help: "The \(N.phrase), by name or id.", completion: .names(of: N.self)) var name:
        String
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: N.self)
        try await output.print(try await N.find(name, client), client)
    }
}
