import APIContract
import ArgumentParser
import GatewayClient
import GatewayDomain

/// `wgw gateway traffic NAME` and `wgw peer traffic NAME`.
struct TrafficCommand<N: NamedNoun>: ClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "traffic",
            abstract: "Show what one \(N.phrase) carried lately, step by step.",
            discussion: """
                The server keeps six hours of a gateway. It begins to keep those of a peer when they are first \
                asked for, and ends an hour after they were last. A step that has not ended is left out.
                """
        )
    }

    @Argument(help: "The \(N.phrase), by name or id.", completion: .names(of: N.self)) var name:
        String

    @Option(
        help: ArgumentHelp(
            "How long before now to begin: \(TimeSpan.form).",
            valueName: "time"
        ),
        transform: TimeSpan.argument
    )
    var since = TimeSpan(seconds: 300)

    @Option(
        help: ArgumentHelp(
            "How long each step is: a multiple of 10s.",
            valueName: "time"
        ),
        transform: TimeSpan.argument
    )
    var step = TimeSpan(seconds: 10)

    @OptionGroup(title: "Output") var output: ReportOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let report = try Report(as: output.output)
        let object = try await N.find(name, client)
        let history = try await client.traffic(
            of: "\(N.resource.path)/\(N.id(of: object))",
            forSeconds: min(since.seconds, TrafficHistory.longestSeconds),
            step: step.seconds
        )
        try report.print(history.json, names: [N.title(of: object)]) { page in
            page.write(TrafficTable(history), of: N.title(of: object))
        }
    }
}
