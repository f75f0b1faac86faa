import ArgumentParser
import Foundation

/// `wgw hub`: its options, as text. What they mean is decided in `HubSettings`.
struct HubCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hub",
        abstract: "Run a gateway from a WireGuard config file.",
        discussion: """
            The file has the syntax of wg-quick and of wg setconf. Packets go from peer to peer; \
            nothing needs root, a TUN device or a kernel module.

            SIGHUP reads the file again, applies what changed in it, and looks up the host names of \
            endpoints again. Peers that did not change keep their sessions, and a file with a mistake \
            changes nothing. wgw show shows the peers.

            Where the key or the port changed, and after a restart, the hub calls the peers that it \
            heard in the last ten minutes. It keeps their public keys and endpoints in \
            $STATE_DIRECTORY, or beside its socket for wgw show.

            --bind-address, --workers, --udp-gso and --log-level are also the environment variables \
            WGW_BIND_ADDRESS, WGW_WORKERS, WGW_UDP_GSO and WGW_LOG_LEVEL.
            """
    )

    @Argument(help: ArgumentHelp("The config file, such as wg0.conf.", valueName: "file"))
    var file: String

    @Option(Settings.bindAddress) var bindAddress: String?
    @Option(Settings.workers) var workers: String?
    @Option(Settings.udpGSO) var udpGSO: String?

    @Flag(help: "Keep each worker on a processor of its own.")
    var pin = false

    @Option(Settings.logLevel) var logLevel: String?

    /// The settings of a hub, and the properties that take their options.
    static let options: [SettingOption<HubCommand>] = [
        .init(Settings.bindAddress, \.bindAddress), .init(Settings.workers, \.workers),
        .init(Settings.udpGSO, \.udpGSO), .init(Settings.logLevel, \.logLevel),
    ]

    func run() async throws {
        let host = Host.current
        let sources = try await SettingSources(
            options: .init(Self.options, givenTo: self),
            environment: ProcessInfo.processInfo.environment,
            settings: Self.options.map(\.setting),
            host: host
        )
        let settings = try HubSettings(path: file, isPinning: pin, from: sources, host: host)
        try await HubRun(settings: settings).run()
    }
}
