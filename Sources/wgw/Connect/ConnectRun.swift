import CommandLineProgram
import ConnectRuntime
import DataPlane
import DataPlaneStatus
import Foundation
import Glibc
import HubRuntime
import Logging
import NetAddress
import SystemIO

/// The composition root of `wgw connect`.
struct ConnectRun {
    let path: String
    let options: ConnectOptions
    let workers: Int
    let logLevel: Logger.Level

    /// Returns after SIGTERM or SIGINT, when the machine is as it was.
    func run() async throws {
        let sockets = try FileDescriptors.hubSockets(limit: OpenFileLimit.raise(), workers: workers)
        let process = try await CarrierProcess(logLevel: logLevel)
        defer { process.end() }
        let logger = process.logger

        let file = HubConfigurationFile(path)
        let read = try file.read().forClient(options)
        // Before routes lead elsewhere: name servers may be reachable through the tunnel only.
        let endpoints = try EndpointLookup.all(of: read)
        let configuration = read.fitting(
            PathMTU.ofInterfaces(towards: endpoints.values.map(\.address))
        )
        let plan = try ConnectPlan(
            configuration,
            endpoints: endpoints.values.map(\.address),
            leavesRoutes: options.leavesRoutes
        )
        let directory = StatusDirectory.ofThisUser(
            environment: ProcessInfo.processInfo.environment
        )
        try directory.prepare()
        let records = RecordFolder(directory.path)
        for device in HostNetwork.removeLeftovers(in: records) {
            logger.warning(
                "removed what an earlier wgw connect left behind",
                metadata: ["device": "\(device)"]
            )
        }
        let place = try HostPlace(of: file.interfaceName, in: records)
        let device = try device(at: place)
        let dataPlane = try process.makeDataPlane(
            workers: workers,
            sockets: sockets,
            mark: place.mark
        )
        let host = HostNetwork(plan, on: device, at: place)
        let supervision = Supervision(logger: logger) { await dataPlane.heartbeat() }
        let hub = Hub(
            file: file,
            configuration: configuration,
            sighups: process.sighups,
            dataPlane: dataPlane,
            bindAddress: nil,
            role: .client(device, startingAt: endpoints) { addresses in
                do {
                    for network in try host.keepOut(addresses) {
                        logger.info(
                            "a gateway is in a network of the tunnel, whose own packets now pass it by",
                            metadata: ["network": "\(network)"]
                        )
                    }
                } catch {
                    logger.warning(
                        "a gateway is in a network of the tunnel, and its packets cannot be led past it",
                        metadata: ["reason": "\(error)"]
                    )
                }
            },
            memory: nil,
            logger: logger
        ) { _ in
            for remark in ReversePathFilter.remarks(endpoints: endpoints.values.map(\.address)) {
                logger.warning("\(remark)")
            }
            let greeting = ConnectGreeting(
                device: device.name,
                plan: plan,
                configuration: configuration
            )
            OutputFile.standardOutput.greet(greeting.text, logger: logger)
            supervision.tell(.ready(status: "Connected through \(device.name)."))
        }
        let status = StatusService(dataPlane: dataPlane, logger: logger) {
            [NamedGateway(name: device.name, carried: Hub.gatewayID)]
        }
        let connection = Connection(hub: hub, host: host, logger: logger)
        try await process.run([connection, status, supervision], stoppingWithin: .seconds(5))
    }

    private func device(at place: HostPlace) throws -> TUNDevice {
        do throws(SystemError) {
            return try TUNDevice(named: place.device, queues: workers)
        } catch {
            place.giveUp()
            guard case .system(_, let number) = error else { throw error }
            switch number {
            case EPERM, EACCES:
                throw CommandFailure(
                    """
                    wgw connect makes a network interface, which takes root or CAP_NET_ADMIN: run \
                    sudo wgw connect \(path)
                    """,
                    .denied
                )
            case ENOENT, ENODEV:
                throw CommandFailure(
                    "there is no /dev/net/tun, which wgw connect needs: run sudo modprobe tun"
                )
            default: throw error
            }
        }
    }
}
