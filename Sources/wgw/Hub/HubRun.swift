import CommandLineProgram
import DataPlane
import DataPlaneStatus
import Foundation
import HubRuntime
import Logging
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
        let process = try await CarrierProcess(logLevel: settings.logLevel)
        defer { process.end() }
        let logger = process.logger

        let file = HubConfigurationFile(settings.path)
        let configuration = try file.read()
        let publicKey = X25519.publicKey(of: configuration.interface.privateKey)
        let peers = configuration.peers.count
        let name = file.interfaceName
        let dataPlane = try process.makeDataPlane(
            workers: settings.workers,
            pinning: settings.isPinning ? .always : .never,
            sockets: sockets,
            udpGSO: settings.udpGSO,
            bindAddress: settings.bindAddress
        )
        let supervision = Supervision(logger: logger) { await dataPlane.heartbeat() }
        let hub = Hub(
            file: file,
            configuration: configuration,
            sighups: process.sighups,
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
        try await process.run([hub, status, supervision], stoppingWithin: .seconds(5))
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
