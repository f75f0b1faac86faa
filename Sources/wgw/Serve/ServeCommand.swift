import ArgumentParser
import Foundation

/// `wgw serve`: its options, as text. What they mean is decided in `ServeConfiguration`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the API and the gateways.",
        discussion: """
            Every option is also an environment variable (WGW_LISTEN for --listen, WGW_DATA_DIR for \
            --data-dir) and a key of the config file (listen, data-dir). An option beats the \
            environment, the environment beats the file.

            Secrets are better given by environment or file: other users of the machine can read \
            the options of a process. WGW_MASTER_KEY, which has no option, replaces the file \
            DATA_DIR/master-key.
            """
    )

    @Option(help: ArgumentHelp("Config file, .yaml, .yml or .json.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "Where the HTTP API listens. (default: \(ServeConfiguration.defaultListen))",
            valueName: "address:port"
        )
    )
    var listen: String?

    @Option(
        help: ArgumentHelp(
            "Certificate chain of the API, PEM; read again at SIGHUP. (default: plain HTTP)",
            valueName: "file"
        )
    )
    var tlsCert: String?

    @Option(help: ArgumentHelp("Private key of the certificate, PEM.", valueName: "file"))
    var tlsKey: String?

    @Flag(
        name: .customLong(Setting.insecureHTTP.rawValue),
        help: "Listen for others without TLS, for a proxy in front that does it."
    )
    var insecureHTTP = false

    @Option(
        help: ArgumentHelp(
            "Where database and keys are kept. (default: \(ServeConfiguration.defaultDataDirectory))",
            valueName: "dir"
        )
    )
    var dataDir: String?

    @Option(
        help: ArgumentHelp(
            """
            An API key. Without one, the first start makes one and keeps it in DATA_DIR/api-key. \
            Other users can read options: --api-key-file and WGW_API_KEY hide it.
            """,
            valueName: "key"
        )
    )
    var apiKey: String?

    @Option(
        help: ArgumentHelp(
            "A file with an API key on its one line, such as a credential of systemd.",
            valueName: "file"
        )
    )
    var apiKeyFile: String?

    @Option(
        help: ArgumentHelp(
            """
            The region of the gateways made here: a code, or code=Name, and behind it where it \
            lies, as coverage shows it: ,area= with AMER, EMEA or APAC, ,site= and ,pop=. \
            (default: \(ServeConfiguration.defaultRegion))
            """,
            valueName: "code"
        )
    )
    var region: String?

    @Option(
        help: ArgumentHelp(
            """
            The address or host name that clients reach this machine by; it is put into their \
            configs as it is. (default: the address of the default route's interface)
            """,
            valueName: "host"
        )
    )
    var endpointAddress: String?

    @Option(
        help: ArgumentHelp(
            """
            Where gateways listen for WireGuard: an IP address of this host, or :: for all of them, \
            IPv6 and IPv4. (default: all addresses)
            """,
            valueName: "address"
        )
    )
    var bindAddress: String?

    @Option(
        help: ArgumentHelp(
            """
            UDP ports for gateways; each has its own. \
            (default: \(ServeConfiguration.defaultPortRange))
            """,
            valueName: "first-last"
        )
    )
    var portRange: String?

    @Option(
        help: ArgumentHelp(
            """
            Put into configs where gateway and peer say nothing else; 0 for none. \
            (default: \(ServeConfiguration.defaultPersistentKeepalive))
            """,
            valueName: "seconds"
        )
    )
    var persistentKeepalive: String?

    @Option(
        help: ArgumentHelp(
            """
            Requests that an API key may make: a second, and at once; or off. \
            (default: \(ServeConfiguration.defaultRateLimit))
            """,
            valueName: "rate:burst"
        )
    )
    var rateLimit: String?

    @Option(
        help: ArgumentHelp(
            "Networks that an organization may have. (default: no limit)",
            valueName: "count"
        )
    )
    var maxNetworks: String?

    @Option(
        help: ArgumentHelp(
            "Gateways that an organization may have. (default: no limit)",
            valueName: "count"
        )
    )
    var maxGateways: String?

    @Option(
        help: ArgumentHelp(
            "Peers that an organization may have. (default: no limit)",
            valueName: "count"
        )
    )
    var maxPeers: String?

    @Option(
        help: ArgumentHelp(
            """
            How long events are kept, of which there is one for every change. \
            (default: \(ServeConfiguration.defaultEventDays))
            """,
            valueName: "days"
        )
    )
    var eventDays: String?

    @Flag(help: "Let /metrics tell the traffic of every peer, too.")
    var peerMetrics = false

    @Option(
        help: ArgumentHelp(
            "Threads that carry packets. (default: one per processor)",
            valueName: "count"
        )
    )
    var workers: String?

    @Option(
        help: ArgumentHelp(
            """
            trace, debug, info, notice, warning, error or critical. \
            (default: \(SettingReader.defaultLogLevel))
            """,
            valueName: "level"
        )
    )
    var logLevel: String?

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let sources = try await SettingSources(
            options: options,
            environment: environment,
            file: config ?? environment["WGW_CONFIG"]
        )
        let configuration = try ServeConfiguration(
            from: sources,
            masterKey: environment["WGW_MASTER_KEY"],
            host: .current
        )
        try await Serve(configuration: configuration).run()
    }

    private var options: [Setting: String] {
        var given: [Setting: String] = [:]
        given[.listen] = listen
        given[.tlsCert] = tlsCert
        given[.tlsKey] = tlsKey
        given[.insecureHTTP] = insecureHTTP ? "true" : nil
        given[.dataDir] = dataDir
        given[.apiKey] = apiKey
        given[.apiKeyFile] = apiKeyFile
        given[.region] = region
        given[.endpointAddress] = endpointAddress
        given[.bindAddress] = bindAddress
        given[.portRange] = portRange
        given[.persistentKeepalive] = persistentKeepalive
        given[.rateLimit] = rateLimit
        given[.maxNetworks] = maxNetworks
        given[.maxGateways] = maxGateways
        given[.maxPeers] = maxPeers
        given[.eventDays] = eventDays
        given[.peerMetrics] = peerMetrics ? "true" : nil
        given[.workers] = workers
        given[.logLevel] = logLevel
        return given
    }
}
