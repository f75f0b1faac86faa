import ArgumentParser
import CommandLineProgram
import GatewayClient

/// `wgw top`.
struct TopCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Watch the traffic of gateways and peers, the busiest first.",
        discussion: """
            Fills the terminal and keeps itself up to date. Keys: s sorts by the next column, the \
            arrows, Page Up and Page Down move through the list, q ends it.

            For programs, -o jsonl prints an object for each gateway and peer at every interval, \
            with its rates in bytes a second; -o json and -o yaml print an array of them.
            """
    )

    @Option(
        help: ArgumentHelp(
            "The time between two looks, like 2s or 1m. (default: 2s)",
            valueName: "time"
        ),
        transform: TimeSpan.argument
    )
    var interval: TimeSpan?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("jsonl, json or yaml, for programs.", valueName: "format"),
        completion: .list(TopLines.formats.map(\.rawValue))
    )
    var output: String?

    @Option(help: ArgumentHelp("End after this many intervals.", valueName: "count"))
    var count: Int?

    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let interval = interval ?? TimeSpan(seconds: 2)
        guard interval.seconds > 0 else {
            throw CommandFailure.usage("--interval must be a second at least")
        }
        guard count.map({ $0 > 0 }) ?? true else {
            throw CommandFailure.usage("--count must be a number from 1")
        }
        guard let format = try format() else {
            guard Screen.output.isTerminal, let screen = try FullScreen() else {
                throw CommandFailure.usage(
                    "wgw top fills a terminal, and there is none; -o jsonl prints lines for programs"
                )
            }
            return try await TopDisplay(
                client: client,
                interval: interval.duration,
                count: count,
                screen: screen
            ).show()
        }
        try await TopLines(
            client: client,
            interval: interval.duration,
            count: count,
            format: format
        ).print()
    }

    /// Nil for a terminal.
    private func format() throws(CommandFailure) -> OutputFormat? {
        guard let output else { return nil }
        guard let format = TopLines.formats.first(where: { $0.rawValue == output }) else {
            let words = TopLines.formats.map(\.rawValue).joined(separator: ", ")
            throw .usage("wgw top takes -o \(words), not '\(output.withoutControls)'")
        }
        return format
    }
}
