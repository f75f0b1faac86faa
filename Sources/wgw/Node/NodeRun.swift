import CommandLineProgram
import DataPlane
import DataPlaneStatus
import Foundation
import GatewayClient
import GatewayDomain
import GatewayRuntime
import GatewayService
import Logging
import NodeClient
import ServiceLifecycle
import UnixSignals
import WireGuardCrypto

/// The composition root of `wgw node`.
struct NodeRun {
    let settings: NodeRunSettings

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

        let directory = try NodeDirectory(settings.dataDirectory)
        let identity = try await identity(in: directory, logger: logger)
        Cipher.choose(logger: logger)
        let dataPlane = try DataPlane(
            workers: settings.workers,
            mostSockets: sockets,
            isSegmenting: settings.udpGSO.isOn(for: settings.bindAddress, logger: logger)
        )
        let load = ProcessorLoad()
        let link = NodeLink(
            identity,
            in: directory,
            version: ProgramVersion.current.number,
            now: Timestamp.now,
            load: { load.percent() },
            logger: logger
        )
        let supervision = Supervision(logger: logger) { await dataPlane.heartbeat() }
        let node = RemoteNode(
            feed: link.feed,
            dataPlane: dataPlane,
            settings: settings,
            logger: logger
        ) { name in
            let greeting = NodeRunGreeting(name: name, identity: identity, settings: settings)
            OutputFile.standardOutput.greet(greeting.text, logger: logger)
            supervision.tell(.ready(status: "Node \(name) of \(identity.server)."))
        }
        let status = StatusService(dataPlane: dataPlane, logger: logger) {
            node.gateways.map {
                NamedGateway(name: $0.name, id: "\($0.id)", carried: DesiredID($0.id))
            }
        }
        // Nothing is read again: a node has no config file.
        let ignoring = Task { for await _ in sighups {} }
        defer { ignoring.cancel() }
        var group = ServiceGroupConfiguration(
            services: [
                .init(service: link, serviceName: "link"),
                .init(service: node, serviceName: "node"),
                .init(service: status, serviceName: "status"),
                .init(service: supervision, serviceName: "supervision"),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        group.maximumGracefulShutdownDuration = .seconds(8)
        try await ServiceGroup(configuration: group).run()
    }

    private func identity(
        in directory: NodeDirectory,
        logger: Logger
    ) async throws -> NodeIdentity {
        let known = try NodeIdentity(in: directory)
        guard let token = settings.joinToken else {
            guard let known else { throw NodeDirectoryError.notJoined(path: directory.path) }
            return known
        }
        guard let known else { return try await join(with: token, in: directory) }
        guard known.nodeID == token.nodeID else {
            throw NodeDirectoryError.joinedAlready(path: directory.path)
        }
        // As happens where a unit of a service manager keeps the token.
        if known.hasJoined(with: token) { return known }
        do {
            return try await join(with: token, in: directory)
        } catch {
            // It carries packets with what it has.
            logger.error(
                "the node has not joined anew, and goes on as it is",
                metadata: ["reason": "\(error)"]
            )
            return known
        }
    }

    private func join(
        with token: JoinToken,
        in directory: NodeDirectory
    ) async throws -> NodeIdentity {
        do {
            return try await NodeIdentity.join(
                with: token,
                regionCode: settings.region,
                in: directory,
                version: ProgramVersion.current.number,
                now: .now()
            )
        } catch let error as ClientError {
            throw CommandFailure("\(error)", CommandFailure.status(error))
        }
    }
}
