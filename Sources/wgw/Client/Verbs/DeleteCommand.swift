import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient

/// `wgw peer delete laptop`, and that of every other noun that can be deleted.
struct DeleteCommand<N: NamedNoun>: ClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "delete", abstract: N.deletion)
    }

    @Argument(help: "The \(N.plural), by name or id.", completion: .names(of: N.self)) var names:
        [String]
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    /// All are looked up before the first is deleted: a word that names nothing deletes nothing.
    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: N.self)
        var found: [N.Answer] = []
        for name in names { found.append(try await N.find(name, client)) }
        for object in found {
            let last = try await client.delete(N.resource, N.id(of: object))
            let title = N.title(of: last).withoutControls
            try output.print(done: "\(N.word) '\(title)' is deleted", last)
        }
    }
}
