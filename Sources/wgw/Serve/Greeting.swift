import CommandLineProgram
import GatewayDomain

/// What the operator reads when the server is up: where it listens, where its data is, and what to
/// do next.
struct Greeting {
    let configuration: ServeConfiguration
    /// The key, if this start made it.
    let madeKey: String?
    /// Whether a person reads this text, and not a file or a journal, which keep it.
    let isForTerminal: Bool
    let keyFile: APIKeyFile
    /// An address of the API that a client on this machine can use.
    let url: String

    var text: String {
        """
        wgw \(ProgramVersion.current.number)

          API       \(url)/v2
          Data      \(ServeConfiguration.absolute(configuration.dataDirectory))
          Gateways  region \(configuration.region.code), UDP ports \(ports), \
        reached by clients at \(configuration.publicHost)
        \(keyLine)
        Make a network:

          curl -sS \(url)/v2/networks \\
            -H "Authorization: Bearer \(keyForShell)" \\
            -H "Content-Type: application/json" \\
            -d '{"name": "my first network"}'

        README.md goes on from there to the first ping. Ctrl-C stops the server.
        wgw is ready

        """
    }

    private var keyLine: String {
        guard let madeKey else { return "" }
        let file = ServeConfiguration.absolute(keyFile.path)
        return isForTerminal
            ? "  API key   \(madeKey)\n            (made now and shown once; kept in \(file))\n"
            : "  API key   made now, in \(file)\n"
    }

    private var keyForShell: String {
        if let file = configuration.keyPath(keyFile) {
            return "$(cat '\(file)')"
        }
        return "$\(Settings.apiKey.entry.variable)"
    }

    private var ports: String {
        "\(configuration.portRange.lowerBound)-\(configuration.portRange.upperBound)"
    }
}
