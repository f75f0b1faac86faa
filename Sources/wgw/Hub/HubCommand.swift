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

            --bind-address, --workers and --log-level are also the environment variables \
            WGW_BIND_ADDRESS, WGW_WORKERS and WGW_LOG_LEVEL.
            """
    )

    @Argument(help: ArgumentHelp("The config file, such as wg0.conf.", valueName: "file"))
    var file: String

    @Option(
        help: ArgumentHelp(
            """
            Where to listen for WireGuard: an IP address of this host, or :: for all of them, IPv6 and \
            IPv4. (default: all addresses)
            """,
            valueName: "address"
        )
    )
    var bindAddress: String?

    @Option(
        help: ArgumentHelp(
            "Threads that carry packets. (default: one per processor)",
            valueName: "count"
        )
    )
    var workers: String?

    @Flag(help: "Keep each worker on a processor of its own.")
    var pin = false

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
        let sources = try await SettingSources(
            options: options,
            environment: ProcessInfo.processInfo.environment,
            file: nil
        )
        let settings = try HubSettings(path: file, isPinning: pin, from: sources, host: .current)
        try await HubRun(settings: settings).run()
    }

    private var options: [Setting: String] {
        var given: [Setting: String] = [:]
        given[.bindAddress] = bindAddress
        given[.workers] = workers
        given[.logLevel] = logLevel
        return given
    }
}
