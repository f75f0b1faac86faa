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

    @Option(Settings.config) var config: String?
    @Option(Settings.listen) var listen: String?
    @Option(Settings.tlsCert) var tlsCert: String?
    @Option(Settings.tlsKey) var tlsKey: String?
    @Flag(Settings.insecureHTTP) var insecureHTTP = false
    @Option(Settings.publicURL) var publicURL: String?
    @Option(Settings.trustedProxies) var trustedProxies: String?
    @Option(Settings.dataDir) var dataDir: String?
    @Option(Settings.database) var database: String?
    @Option(Settings.apiKey) var apiKey: String?
    @Option(Settings.apiKeyFile) var apiKeyFile: String?
    @Option(Settings.region) var region: String?
    @Option(Settings.endpointAddress) var endpointAddress: String?
    @Option(Settings.bindAddress) var bindAddress: String?
    @Option(Settings.portRange) var portRange: String?
    @Option(Settings.persistentKeepalive) var persistentKeepalive: String?
    @Option(Settings.egressPool) var egressPool: String?
    @Option(Settings.rateLimit) var rateLimit: String?
    @Option(Settings.maxNetworks) var maxNetworks: String?
    @Option(Settings.maxGateways) var maxGateways: String?
    @Option(Settings.maxPeers) var maxPeers: String?
    @Option(Settings.maxEgressShare) var maxEgressShare: String?
    @Option(Settings.eventDays) var eventDays: String?
    @Option(Settings.usageHourDays) var usageHourDays: String?
    @Option(Settings.usageDays) var usageDays: String?
    @Option(Settings.webhookAllow) var webhookAllow: String?
    @Flag(Settings.peerMetrics) var peerMetrics = false
    @Option(Settings.workers) var workers: String?
    @Option(Settings.udpGSO) var udpGSO: String?
    @Option(Settings.logLevel) var logLevel: String?

    /// The settings of the server, in the order of README.md, and the properties that take their
    /// options.
    static let options: [SettingOption<ServeCommand>] = [
        .init(Settings.listen, \.listen),
        .init(Settings.tlsCert, \.tlsCert),
        .init(Settings.tlsKey, \.tlsKey),
        .init(Settings.insecureHTTP, \.insecureHTTP.given),
        .init(Settings.publicURL, \.publicURL),
        .init(Settings.trustedProxies, \.trustedProxies),
        .init(Settings.dataDir, \.dataDir),
        .init(Settings.database, \.database),
        .init(Settings.apiKey, \.apiKey),
        .init(Settings.apiKeyFile, \.apiKeyFile),
        .init(Settings.region, \.region),
        .init(Settings.endpointAddress, \.endpointAddress),
        .init(Settings.bindAddress, \.bindAddress),
        .init(Settings.portRange, \.portRange),
        .init(Settings.persistentKeepalive, \.persistentKeepalive),
        .init(Settings.egressPool, \.egressPool),
        .init(Settings.rateLimit, \.rateLimit),
        .init(Settings.maxNetworks, \.maxNetworks),
        .init(Settings.maxGateways, \.maxGateways),
        .init(Settings.maxPeers, \.maxPeers),
        .init(Settings.maxEgressShare, \.maxEgressShare),
        .init(Settings.eventDays, \.eventDays),
        .init(Settings.usageHourDays, \.usageHourDays),
        .init(Settings.usageDays, \.usageDays),
        .init(Settings.webhookAllow, \.webhookAllow),
        .init(Settings.peerMetrics, \.peerMetrics.given),
        .init(Settings.workers, \.workers),
        .init(Settings.udpGSO, \.udpGSO),
        .init(Settings.logLevel, \.logLevel),
        .init(Settings.config, \.config),
    ]

    /// Those that have no option as well.
    static let settings =
        options.map(\.setting) + [
            Settings.privateServices.entry, Settings.prices.entry, Settings.masterKey.entry,
        ]

    func run() async throws {
        let host = Host.current
        let sources = try await SettingSources(
            options: .init(Self.options, givenTo: self),
            environment: ProcessInfo.processInfo.environment,
            settings: Self.settings,
            host: host
        )
        let configuration = try ServeConfiguration(from: sources, host: host)
        try await Serve(configuration: configuration).run()
    }
}
