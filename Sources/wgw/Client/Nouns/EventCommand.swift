import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain
import GatewayService

/// `wgw event`.
struct EventCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: EventNoun.word,
        abstract: "What was changed, when and by whom.",
        subcommands: [ListCommand<EventNoun, EventFilter>.self, EventWatchCommand.self]
    )
}

struct EventWatchCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Print all changes as they are made, until Ctrl-C."
    )

    @OptionGroup var following: FollowingOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        try await following.print(client, output) { _ in true }
    }
}

struct EventFilter: ListFilter {
    @Option(
        help: ArgumentHelp(
            "Only events of this type, such as wireguard_peer.created.",
            valueName: "type"
        ),
        completion: .list(EventAnswer.types)
    )
    var type: String?

    @Option(help: ArgumentHelp("Only events of the object with this id.", valueName: "id"))
    var object: String?

    @Option(
        help: ArgumentHelp(
            "Only events of this time or later: a length of time before now, like 15m or 7d, or RFC 3339.",
            valueName: "time"
        )
    )
    var since: String?

    @Option(
        help: ArgumentHelp(
            "Only events before this time, in the forms of --since.",
            valueName: "time"
        )
    )
    var before: String?

    func queries(_ client: GatewayClient) async throws -> [ListQuery] {
        var query = ListQuery()
        if let type { query.filters.append((EventMembers.type.name, type)) }
        if let object { query.filters.append((EventMembers.objectID.name, object)) }
        if let since { query.filters.append(try Self.bound(since, "gte", "--since")) }
        if let before { query.filters.append(try Self.bound(before, "lt", "--before")) }
        return [query]
    }

    private static func bound(
        _ text: String,
        _ comparison: String,
        _ option: String
    ) throws(CommandFailure) -> (name: String, value: String) {
        let time: Timestamp
        if let span = TimeSpan(argument: text) {
            time = Timestamp.now().advanced(bySeconds: -span.seconds)
        } else if let read = Timestamp(text) {
            time = read
        } else {
            throw .usage("\(option) must be \(TimeSpan.form), or a time like 2027-01-31T12:00:00Z")
        }
        return ("\(EventMembers.occurredAt.name)][\(comparison)", "\(time)")
    }
}
