import CommandLineProgram
import GatewayClient
import GatewayDomain
import GatewayService

/// What the operator reads when the server is up: where it listens, where its data is, and what to
/// do next.
struct Greeting {
    let configuration: ServeConfiguration
    /// The key, if this start made it.
    let madeKey: String?
    /// Whether a person reads this text, and not a file or a journal, which keep it.
    let isForTerminal: Bool
    let keyFile: APIKeyFile
    /// Of a link that signs in; nil where a browser has signed in before.
    let signInCode: SignInCode?
    /// An address of the API that a client on this machine can use.
    let url: String
    /// Of the certificate, for clients to compare; nil for plain HTTP.
    let fingerprint: CertificateFingerprint?

    var text: String {
        """
        wgw \(ProgramVersion.current.number)

          API       \(url)/v2\(certificateLine)
          Portal    \(portalLine)
          Data      \(data)
          Gateways  \(gateways)
        \(keyLine)
        \(next)Ctrl-C stops the server.
        wgw is ready

        """
    }

    /// The same on one line, for `systemctl status`.
    var status: String {
        configuration.database == nil
            ? "API at \(url)/v2, gateways at \(configuration.publicHost) on UDP ports \(ports)."
            : "API at \(url)/v2, gateways on nodes."
    }

    private var data: String {
        let directory = ServeConfiguration.absolute(configuration.dataDirectory)
        return configuration.database == nil ? directory : "PostgreSQL, and keys in \(directory)"
    }

    private var gateways: String {
        configuration.database == nil
            ? """
            region \(configuration.region.code), UDP ports \(ports), reached by clients at \(configuration.publicHost)
            """
            : "on nodes; wgw node create makes one"
    }

    private var next: String {
        guard configuration.database == nil else { return "" }
        return """
            Make a peer, in a second terminal\(isLocalByDefault ? " in this folder" : ""):

              \(command)

            It prints a config for any WireGuard client. \

            """
    }

    /// A file or a journal is read by others and later: the link is not for those.
    private var portalLine: String {
        let portal = configuration.publicURL ?? url
        guard isForTerminal else {
            return "\(portal)/ (wgw portal prints a link that signs you in)"
        }
        guard let signInCode else { return portal + "/" }
        let link = "\(portal)/sign-in?code=\(signInCode.text)"
        guard !isTooLong(link) else {
            // The line is its own: a terminal would break it, and it could not be followed or copied.
            return """
                this link signs you in once, within 15 minutes (wgw portal prints another):
                \(link)
                """
        }
        return """
            \(link)
                        (signs you in once, within 15 minutes; wgw portal prints another)
            """
    }

    /// Whether it does not fit behind the words of its line.
    private func isTooLong(_ link: String) -> Bool {
        Screen.output.width.map { "  Portal    \(link)".count > $0 } ?? false
    }

    private var keyLine: String {
        guard let madeKey else { return "" }
        let file = ServeConfiguration.absolute(keyFile.path)
        return isForTerminal
            ? "  API key   \(madeKey)\n            (made now and shown once; kept in \(file))\n"
            : "  API key   made now, in \(file)\n"
    }

    /// Complete: with what the command cannot find by itself.
    private var command: String {
        var words = [ProgramMain.calledAs.shellWord, "peer create laptop"]
        if !isLocalByDefault {
            let directory = ServeConfiguration.absolute(configuration.dataDirectory)
            words.insert("WGW_DATA_DIR=\(directory.shellWord)", at: 0)
        }
        if configuration.keyPath(keyFile) == nil {
            words.insert("\(Settings.apiKey.entry.variable)=…", at: 0)
        }
        return words.joined(separator: " ")
    }

    /// Whether a command in the same folder finds the server's data.
    private var isLocalByDefault: Bool {
        LocalServer.isFoundByItself(configuration.dataDirectory)
    }

    private var certificateLine: String {
        fingerprint.map { "\n  TLS       certificate \($0)" } ?? ""
    }

    private var ports: String {
        "\(configuration.portRange.lowerBound)-\(configuration.portRange.upperBound)"
    }
}
