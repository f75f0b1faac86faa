import ArgumentParser
import CommandLineProgram
import Foundation
import GatewayDomain
import NodeClient

/// `wgw node` without a verb: its options, as text.
struct NodeRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Carry gateways of a server on this machine.",
        discussion: """
            The first time with the token that wgw node create prints: wgw node --join TOKEN. From then on wgw node \
            alone, for this machine is that node; a new token of the same node, from wgw node token, lets it join anew. What it is told, which gateways with which peers, is kept sealed in \
            the data directory, so that it starts and carries packets also while the server is away; what it counts \
            meanwhile is delivered later.

            As an argument, the token can be seen by every user of this machine until it is used. --join - reads it \
            from standard input, and the environment variable WGW_JOIN is another place for it.

            --data-dir, --bind-address, --workers, --udp-gso and --log-level are also the environment variables \
            WGW_DATA_DIR, WGW_BIND_ADDRESS, WGW_WORKERS, WGW_UDP_GSO and WGW_LOG_LEVEL.
            """
    )

    @Option(help: ArgumentHelp("The join token, or - for standard input.", valueName: "token"))
    var join: String?

    @Option(
        help: ArgumentHelp(
            "The code of the region that this machine is in. A token for a node of other regions is refused.",
            valueName: "code"
        )
    )
    var region: String?

    @Option(Settings.dataDir) var dataDir: String?
    @Option(Settings.bindAddress) var bindAddress: String?
    @Option(Settings.workers) var workers: String?
    @Option(Settings.udpGSO) var udpGSO: String?
    @Option(Settings.logLevel) var logLevel: String?

    /// The settings of a node, and the properties that take their options.
    static let options: [SettingOption<NodeRunCommand>] = [
        .init(Settings.dataDir, \.dataDir), .init(Settings.bindAddress, \.bindAddress),
        .init(Settings.workers, \.workers), .init(Settings.udpGSO, \.udpGSO),
        .init(Settings.logLevel, \.logLevel),
    ]

    func run() async throws {
        let host = Host.current
        let sources = try await SettingSources(
            options: .init(Self.options, givenTo: self),
            environment: ProcessInfo.processInfo.environment,
            settings: Self.options.map(\.setting),
            host: host
        )
        let read = SettingReader(sources: sources, host: host)
        let settings = NodeRunSettings(
            joinToken: try token(),
            region: region,
            dataDirectory: try read(Settings.dataDir),
            bindAddress: try read(Settings.bindAddress),
            workers: try read(Settings.workers),
            udpGSO: try read(Settings.udpGSO),
            logLevel: try read(Settings.logLevel)
        )
        try await NodeRun(settings: settings).run()
    }

    private func token() throws -> JoinToken? {
        guard let join = join ?? ProcessInfo.processInfo.environment["WGW_JOIN"] else { return nil }
        let text = join == "-" ? readLine() ?? "" : join
        guard let token = JoinToken(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw CommandFailure("\(JoinError.malformedToken)", .usage)
        }
        return token
    }
}
