package import DataPlane
import GatewayDomain
package import GatewayService
package import Logging
package import NetAddress
import ServiceLifecycle

/// Carries the gateways of a region: keeps the data plane as the store wants it, and reports back
/// what the data plane sees. All it knows of the control plane is the `NodeFeed`.
package struct Node: Service {
    private let reconciler: Reconciler
    private let reporter: ActivityReporter
    private let dataPlane: DataPlane
    private let directory: PeerDirectory

    /// - Parameter bindAddress: where gateways listen; nil for all addresses of the host.
    package init(
        feed: NodeFeed,
        changes: ChangeHint,
        dataPlane: DataPlane,
        bindAddress: IPAddress?,
        logger: Logger
    ) {
        let directory = PeerDirectory()
        self.dataPlane = dataPlane
        self.directory = directory
        reconciler = Reconciler(
            feed: feed,
            changes: changes,
            dataPlane: dataPlane,
            bindAddress: bindAddress,
            directory: directory,
            logger: logger
        )
        reporter = ActivityReporter(
            feed: feed,
            dataPlane: dataPlane,
            directory: directory,
            logger: logger
        )
    }

    /// What it carries at this moment.
    package var gateways: [CarriedGateway] { directory.open }

    package var counters: NodeCounters { reporter.counters }

    /// Runs until it is told to shut down; then the last counters are stored and the data plane's
    /// threads have ended.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await reconciler.run() }
                group.addTask { await reporter.run() }
            }
        }
        await reporter.finish()
        dataPlane.shutdown()
    }
}
