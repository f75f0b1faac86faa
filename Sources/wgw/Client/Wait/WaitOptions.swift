import ArgumentParser
import GatewayClient

/// How long a command waits.
struct WaitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("How long to wait, like 90s or 5m. (default: 60s)", valueName: "time"),
        transform: TimeSpan.argument
    )
    var timeout: TimeSpan?

    func waiting<N: NamedNoun>(
        for name: String,
        _ noun: N.Type,
        _ client: GatewayClient
    ) -> Waiting<N> {
        Waiting(client: client, name: name, limit: timeout ?? TimeSpan(seconds: 60))
    }
}
