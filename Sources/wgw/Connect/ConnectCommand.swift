import ArgumentParser
import CommandLineProgram
import ConnectRuntime
import Foundation
import NetAddress

/// `wgw connect`: its options, as text.
struct ConnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Connect this machine by a config file of a peer.",
        discussion: """
            The file is one of wg-quick, as wgw peer create prints it. The machine gets a network \
            interface named after the file, with its Address, MTU, DNS and a route for each of the \
            AllowedIPs; a default route leads everything into the tunnel but the tunnel's own packets. \
            It takes no kernel module, but a TUN device, and so has to be run as root or with \
            CAP_NET_ADMIN. DNS is set by the program resolvconf, where that is installed. Without MTU in \
            the file, what fits the link to the gateway is taken.

            All of that ends with Ctrl-C or SIGTERM. What a process leaves that was killed, the next \
            wgw connect removes. Host names of endpoints are looked up again while a gateway is not \
            heard, and at SIGHUP. wgw show shows the gateways and their last handshakes.

            PreUp, PostUp, PreDown and PostDown of the file are not run.

            --workers and --log-level are also the environment variables WGW_WORKERS and \
            WGW_LOG_LEVEL.
            """
    )

    @Argument(help: ArgumentHelp("The config file, such as wg0.conf.", valueName: "file"))
    var file: String

    @Option(
        name: .customLong("allowed-ips"),
        help: ArgumentHelp(
            "What is reached through the tunnel, instead of the AllowedIPs of the file's one peer: networks, separated by commas.",
            valueName: "networks"
        )
    )
    var allowedIPs: String?

    @Flag(help: "Leave the machine's routes and name servers as they are.")
    var noRoutes = false

    @Option(Settings.workers) var workers: String?
    @Option(Settings.logLevel) var logLevel: String?

    /// The settings of a connection, and the properties that take their options.
    static let options: [SettingOption<ConnectCommand>] = [
        .init(Settings.workers, \.workers), .init(Settings.logLevel, \.logLevel),
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
        try await ConnectRun(
            path: file,
            options: ConnectOptions(allowedIPs: try networks(), leavesRoutes: noRoutes),
            workers: try read(Settings.workers),
            logLevel: try read(Settings.logLevel)
        ).run()
    }

    private func networks() throws(CommandFailure) -> [IPPrefix]? {
        guard let allowedIPs else { return nil }
        var networks: [IPPrefix] = []
        for word in allowedIPs.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            guard let network = try? IPPrefix(String(word)) else {
                throw CommandFailure(
                    "--allowed-ips must be networks like 10.0.0.0/24 or 2001:db8::/64, and \(word) is not one",
                    .usage
                )
            }
            networks.append(network)
        }
        guard !networks.isEmpty else {
            throw CommandFailure(
                "--allowed-ips must name a network; --no-routes leaves the routes as they are",
                .usage
            )
        }
        return networks
    }
}
