import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient

/// `wgw peer delete laptop`, and that of every other noun that can be deleted.
struct DeleteCommand<N: NamedNoun>: ClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "delete",
            abstract: N.deletion,
            discussion: """
                At a terminal it asks first, and says what goes with it and what still needs it. In a script, \
                say --yes.
                """
        )
    }

    @Argument(help: "The \(N.plural), by name or id.", completion: .names(of: N.self)) var names:
        [String]
    @OptionGroup var consent: DeletionConsent
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    /// All are looked up before the first is deleted: a word that names nothing deletes nothing.
    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: N.self)
        var found: [N.Answer] = []
        for name in names { found.append(try await N.find(name, client)) }
        if !consent.yes { try consent.require(for: try await description(of: found, client)) }
        for object in found {
            let last = try await client.delete(N.resource, N.id(of: object))
            let verb = N.company(of: object) == nil ? "is" : "are"
            try output.print(done: "\(Self.all(of: object)) \(verb) deleted", last)
        }
    }

    private func description(of found: [N.Answer], _ client: GatewayClient) async throws -> String {
        var all: [String] = []
        for (object, use) in zip(found, try await N.uses(of: found, client)) {
            all.append(Self.all(of: object) + (use.map { " (\($0))" } ?? ""))
        }
        return all.joined(separator: ", ").withoutControls
    }

    private static func all(of object: N.Answer) -> String {
        let title = "\(N.word) '\(N.title(of: object).withoutControls)'"
        return N.company(of: object).map { "\(title) and \($0)" } ?? title
    }
}
