import CommandLineProgram
import DataPlane
import DataPlaneStatus
import Foundation
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
        // Counted before this function opens any file.
        let sockets = try FileDescriptors.hubSockets(
            limit: OpenFileLimit.raise(),
            workers: settings.workers
        )
        let sighups = await ProcessSignals.prepare()
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
        Cipher.choose(logger: logger)
        let dataPlane = try DataPlane(
            workers: settings.workers,
            pinning: settings.isPinning ? .always : .never,
            mostSockets: sockets,
            isSegmenting: settings.udpGSO.isOn(for: settings.bindAddress, logger: logger)
        )
        let supervision = Supervision(logger: logger) { await dataPlane.heartbeat() }
        let hub = Hub(
            file: file,
            configuration: configuration,
            sighups: sighups,
            dataPlane: dataPlane,
            bindAddress: settings.bindAddress,
            memory: memory(of: file, logger: logger),
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
            supervision.tell(.ready(status: "Hub \(name) on UDP port \(port)."))
        }
        let status = StatusService(dataPlane: dataPlane, logger: logger) {
            [NamedGateway(name: name, carried: Hub.gatewayID)]
        }
        var group = ServiceGroupConfiguration(
            services: [
                .init(service: hub, serviceName: "hub"),
                .init(service: status, serviceName: "status"),
                .init(service: supervision, serviceName: "supervision"),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        group.maximumGracefulShutdownDuration = .seconds(5)
        try await ServiceGroup(configuration: group).run()
    }

    /// In the state directory that a service manager gives; otherwise beside the status sockets, in a
    /// directory that a reboot clears. Nil where there is neither.
    private func memory(of file: HubConfigurationFile, logger: Logger) -> RememberedPeersFile? {
        let environment = ProcessInfo.processInfo.environment
        let folder: String
        if let given = Host.stateDirectory(environment) {
            folder = given
        } else {
            let directory = StatusDirectory.ofThisUser(environment: environment)
            do {
                try directory.prepare()
            } catch {
                logger.warning("recent peers are not remembered", metadata: ["reason": "\(error)"])
                return nil
            }
            folder = directory.path
        }
        return RememberedPeersFile(path: RememberedPeersFile.path(in: folder, of: file))
    }
}
