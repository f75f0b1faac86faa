import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient

/// From where a command follows the journal.
struct FollowingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Begin after this revision, with what has happened since; otherwise begin now.",
            valueName: "revision"
        )
    )
    var since: Int64?

    /// Prints the events that `isWanted` takes, as they come.
    func print(
        _ client: GatewayClient,
        _ options: OutputOptions,
        _ isWanted: (EventNoun.Answer) -> Bool
    ) async throws {
        var output = try FollowedEvents(options)
        // A quiet server is not one that is waited for.
        try await client.follow(after: since, onConnection: WaitingNote.end, onLoss: tell) {
            change in
            if case .event(let event) = change, isWanted(event) { try output.print(event) }
            return true
        }
    }
}

/// That there is nothing to print is not told otherwise.
private func tell(_ loss: ClientError) {
    try? OutputFile.standardError.write(sentence: "wgw: \(loss); this goes on when it is back")
}

/// Events that are printed one by one.
private struct FollowedEvents {
    private let output: Output<EventNoun>
    private var table: Table

    init(_ options: OutputOptions) throws {
        output = try Output(options, of: EventNoun.self)
        table = output.table(isFollowed: true)
    }

    mutating func print(_ event: EventNoun.Answer) throws {
        try output.print(line: event, &table)
    }
}
