package import HubRuntime
package import Logging
import ServiceLifecycle
import SystemIO

/// A tunnel that this machine uses: while its hub runs, the machine has its addresses, routes and name
/// servers.
package struct Connection: Service {
    private let hub: Hub
    private let host: HostNetwork
    private let logger: Logger

    package init(hub: Hub, host: HostNetwork, logger: Logger) {
        self.hub = hub
        self.host = host
        self.logger = logger
    }

    package func run() async throws {
        defer { host.tearDown() }
        for remark in try host.setUp() { logger.warning("\(remark)") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await hub.run() }
            group.addTask { try await watchDevice() }
            defer { group.cancelAll() }
            _ = try await group.next()
        }
    }

    /// Throws when another program has removed the device, with which the routes are gone. Routes alone are put back,
    /// as soon as the kernel tells that they are gone.
    private func watchDevice() async throws {
        for await _ in try host.news().looks(atLeastEvery: Self.pause) {
            guard host.hasLostDevice else {
                restoreRoutes()
                continue
            }
            throw ConnectError(
                """
                another program removed the interface \(host.deviceName), so that this machine is not connected any \
                more: call wgw connect again
                """
            )
        }
    }

    private func restoreRoutes() {
        do {
            guard try host.restoreRoutes() else { return }
            logger.warning(
                """
                another program switched the interface off or took its routes away, and packets may have left outside \
                of the tunnel; it is up again, with its routes
                """,
                metadata: ["interface": "\(host.deviceName)"]
            )
        } catch {
            logger.warning(
                "the routes of the interface cannot be put back",
                metadata: ["interface": "\(host.deviceName)", "reason": "\(error)"]
            )
        }
    }

    private static let pause = Duration.seconds(1)
}
