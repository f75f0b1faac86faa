import DataPlane
import DataPlaneStatus
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

        // SIGHUP would end the process, and its sender means a file that may be read right now.
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        let file = HubConfigurationFile(settings.path)
        let configuration = try file.read()
        let publicKey = X25519.publicKey(of: configuration.interface.privateKey)
        let peers = configuration.peers.count
        let name = file.interfaceName
        let dataPlane = try DataPlane(
            workers: settings.workers,
            pinning: settings.isPinning ? .always : .never
        )
        let hub = Hub(
            file: file,
            configuration: configuration,
            hangups: hangups,
            dataPlane: dataPlane,
            bindAddress: settings.bindAddress,
            logger: logger
        ) { port in
            HubGreeting(
                settings: settings,
                name: name,
                publicKey: publicKey,
                peers: peers,
                port: port
            ).show()
        }
        let status = StatusService(dataPlane: dataPlane, logger: logger) {
            hub.gateway.map {
                [NamedGateway(name: name, handle: $0.handle, placement: $0.placement)]
            } ?? []
        }
        var group = ServiceGroupConfiguration(
            services: [
                .init(service: hub, serviceName: "hub"),
                .init(service: status, serviceName: "status"),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        group.maximumGracefulShutdownDuration = .seconds(5)
        try await ServiceGroup(configuration: group).run()
    }
}
