import DataPlane
import DataPlaneStatus
import HubRuntime
import Logging
import ServiceLifecycle
import WireGuardCrypto

/// The composition root of `wgw hub`.
struct HubRun {
    let settings: HubSettings

    /// Returns after SIGTERM or SIGINT, when everything has stopped.
    func run() async throws {
        let hangups = await ProcessSignals.prepare()
        let log = try StructuredLog.standardErrorWriter()
        defer { log.close(within: StructuredLog.lastPatience) }
        let logger = Logger(label: "wgw") { _ in
            StructuredLog(level: settings.logLevel, writer: log)
        }

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
            let greeting = HubGreeting(
                settings: settings,
                name: name,
                publicKey: publicKey,
                peers: peers,
                port: port
            )
            OutputFile.standardOutput.greet(greeting.text, logger: logger)
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
