import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw session`.
struct SessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: SessionNoun.word,
        abstract: "Browsers that have signed in to the portal, with an API key or as a user.",
        subcommands: [
            ListCommand<SessionNoun, SessionFilter>.self, SessionDeleteCommand.self,
        ]
    )
}

struct SessionFilter: ListFilter {
    @Option(
        help:
            "Those of this user, by name or id, instead of those of the API key in use; for owners.",
        completion: .names(of: UserNoun.self)
    )
    var user: String?

    func queries(_ client: GatewayClient) async throws -> [ListQuery] {
        guard let user else { return [ListQuery()] }
        let found = try await UserNoun.find(user, client)
        return [ListQuery([(SessionMembers.userID.name, "\(found.id)")])]
    }
}

struct SessionDeleteCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "End sessions: those browsers have to sign in again."
    )

    @Argument(help: "Ids of sessions, as wgw session list shows them.") var ids: [SessionID] = []

    @Flag(help: "End all sessions of the API key in use.") var all = false

    @OptionGroup var consent: DeletionConsent

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        guard ids.isEmpty == all else {
            throw ValidationError("give the ids of sessions, or --all")
        }
    }

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: SessionNoun.self)
        let ids = all ? try await client.all(.sessions).map(\.id) : ids
        guard !ids.isEmpty else { return }
        try consent.require(
            for: ids.count == 1 ? "session '\(ids[0])'" : "\(ids.count) sessions"
        )
        for id in ids {
            let last = try await client.delete(.sessions, id)
            try output.print(done: "session \(id) has ended", last)
        }
    }
}

extension Identifier: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}
