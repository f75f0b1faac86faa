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
import UnixSignals

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
        let process = try await CarrierProcess(logLevel: settings.logLevel)
        defer { process.end() }
        let logger = process.logger

        let directory = try NodeDirectory(settings.dataDirectory)
        let identity: NodeIdentity
        do {
            identity = try await self.identity(in: directory, logger: logger)
        } catch {
            directory.removeIfUnused()
            throw error
        }
        let dataPlane = try process.makeDataPlane(
            workers: settings.workers,
            sockets: sockets,
            udpGSO: settings.udpGSO,
            bindAddress: settings.bindAddress
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
        let ignoring = Task { for await _ in process.sighups {} }
        defer { ignoring.cancel() }
        try await process.run([link, node, status, supervision], stoppingWithin: .seconds(8))
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
