import DataPlane
import Glibc
import HubRuntime
import Logging
import ServiceLifecycle
import UnixSignals
import WireGuardCrypto

/// The composition root of `wgw hub`.
struct HubRun {
    let settings: HubSettings

    /// Returns after SIGTERM or SIGINT, when everything has stopped.
    func run() async throws {
        // A reader of our output that goes away must not take the hub along.
        signal(SIGPIPE, SIG_IGN)
        let logger = Logger(label: "wgw") { _ in StructuredLog(level: settings.logLevel) }

        let file = HubConfigurationFile(settings.path)
        let configuration = try file.read()
        let publicKey = X25519.publicKey(of: configuration.interface.privateKey)
        let peers = configuration.peers.count
        let hub = Hub(
            file: file,
            configuration: configuration,
            dataPlane: try DataPlane(
                workers: settings.workers,
                pinning: settings.isPinning ? .always : .never
            ),
            bindAddress: settings.bindAddress,
            logger: logger
        ) { port in
            HubGreeting(
                settings: settings,
                name: file.interfaceName,
                publicKey: publicKey,
                peers: peers,
                port: port
            ).show()
        }
        var group = ServiceGroupConfiguration(
            services: [.init(service: hub, serviceName: "hub")],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        group.maximumGracefulShutdownDuration = .seconds(5)
        try await ServiceGroup(configuration: group).run()
    }
}
