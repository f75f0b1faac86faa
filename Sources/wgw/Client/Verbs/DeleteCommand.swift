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
    @Flag(name: .shortAndLong, help: "Do not ask where others go with what is deleted.")
    var yes = false
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    /// All are looked up before the first is deleted: a word that names nothing deletes nothing.
    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: N.self)
        var found: [N.Answer] = []
        for name in names { found.append(try await N.find(name, client)) }
        try confirm(found)
        for object in found {
            let last = try await client.delete(N.resource, N.id(of: object))
            let verb = N.company(of: object) == nil ? "is" : "are"
            try output.print(done: "\(Self.all(of: object)) \(verb) deleted", last)
        }
    }

    /// Asks a person; a program has decided already.
    private func confirm(_ found: [N.Answer]) throws {
        guard !yes, Question.canBeAsked, found.contains(where: { N.company(of: $0) != nil }) else {
            return
        }
        let all = found.map(Self.all).joined(separator: ", ")
        guard try Question.isAnsweredYes("Delete \(all)?") else {
            throw CommandFailure("nothing was deleted, as the answer was not yes")
        }
    }

    private static func all(of object: N.Answer) -> String {
        let title = "\(N.word) '\(N.title(of: object).withoutControls)'"
        return N.company(of: object).map { "\(title) and \($0)" } ?? title
    }
}
