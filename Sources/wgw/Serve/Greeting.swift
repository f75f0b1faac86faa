import CommandLineProgram
import Foundation
import GatewayDomain
import NetAddress

/// What the operator reads when the server is up: where it listens, where its data is, and what to
/// do next.
struct Greeting {
    let configuration: ServeConfiguration
    /// The key, if this start made it.
    let madeKey: String?
    /// Whether a person reads this text, and not a file or a journal, which keep it.
    let isForTerminal: Bool
    let keyFile: APIKeyFile
    /// The port that the listener has; the setting may leave the choice to the system.
    let port: Int

    var text: String {
        """
        wgw \(ProgramVersion.current.number)

          API       \(base)/v2
          Data      \(absolute(configuration.dataDirectory))
          Gateways  region \(configuration.region.code), UDP ports \(ports), \
        reached by clients at \(configuration.publicHost)
        \(keyLine)
        Make a network:

          curl -sS \(base)/v2/networks \\
            -H "Authorization: Bearer \(keyForShell)" \\
            -H "Content-Type: application/json" \\
            -d '{"name": "my first network"}'

        README.md goes on from there to the first ping. Ctrl-C stops the server.
        wgw is ready

        """
    }

    private var keyLine: String {
        guard let madeKey else { return "" }
        let file = absolute(keyFile.path)
        return isForTerminal
            ? "  API key   \(madeKey)\n            (made now and shown once; kept in \(file))\n"
            : "  API key   made now, in \(file)\n"
    }

    private var keyForShell: String {
        if let file = configuration.apiKey.map(\.path) ?? (keyFile.exists ? keyFile.path : nil) {
            return "$(cat '\(absolute(file))')"
        }
        return "$\(Settings.apiKey.entry.variable)"
    }

    /// The operator may use the path in a terminal with another working directory.
    private func absolute(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.path
    }

    private var ports: String {
        "\(configuration.portRange.lowerBound)-\(configuration.portRange.upperBound)"
    }

    /// An address that a client on this machine can use.
    private var base: String {
        let address = configuration.listen.address
        let isAny = ["0.0.0.0", "::"].contains(address.description)
        let host = isAny ? Host.loopback : address
        return
            "\(configuration.tls == nil ? "http" : "https")://\(Endpoint(address: host, port: UInt16(port)))"
    }
}
