import DataPlane
import DataPlaneStatus
import Foundation
import Logging
import ServiceLifecycle

/// Lets `wgw show` see this process's gateways. Without it everything else still runs.
struct StatusService: Service {
    let dataPlane: DataPlane
    let logger: Logger
    let gateways: @Sendable () -> [NamedGateway]

    func run() async throws {
        let directory = StatusDirectory.ofThisUser(
            environment: ProcessInfo.processInfo.environment
        )
        let server: StatusServer
        do {
            server = try StatusServer(in: directory, dataPlane: dataPlane, gateways: gateways)
        } catch {
            logger.warning("wgw show will not see this process", metadata: ["reason": "\(error)"])
            try? await gracefulShutdown()
            return
        }
        try? await gracefulShutdown()
        server.stop()
    }
}
