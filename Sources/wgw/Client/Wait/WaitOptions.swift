import ArgumentParser
import CommandLineProgram
import GatewayClient

/// Who is waited for, and how long.
struct WaitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("How long to wait: \(TimeLimit.form). (default: 60s)", valueName: "time")
    )
    var timeout: String?

    func waiting<N: NamedNoun>(
        for name: String,
        _ noun: N.Type,
        _ client: GatewayClient
    ) throws(CommandFailure) -> Waiting<N> {
        let text = timeout ?? "60s"
        guard let limit = TimeLimit(text) else {
            throw .usage("--timeout must be \(TimeLimit.form), not '\(text.withoutControls)'")
        }
        return Waiting(client: client, name: name, limit: limit)
    }
}
