package import DataPlane
import GatewayDomain
package import GatewayService
package import Logging
package import NetAddress
import ServiceLifecycle
import Synchronization

/// Carries the gateways of a region: keeps the data plane as the store wants it, and reports back
/// what the data plane sees. All it knows of the control plane is the `NodeFeed`.
package struct Node: Service {
    private let reconciler: Reconciler
    private let reporter: ActivityReporter
    private let dataPlane: DataPlane
    private let directory: ReportDirectory
    private let caughtUp: CaughtUp

    /// - Parameter bindAddress: where gateways listen; nil for all addresses of the host.
    package init(
        feed: NodeFeed,
        dataPlane: DataPlane,
        bindAddress: IPAddress?,
        logger: Logger
    ) {
        let directory = ReportDirectory()
        let caughtUp = CaughtUp()
        self.dataPlane = dataPlane
        self.directory = directory
        self.caughtUp = caughtUp
        reconciler = Reconciler(
            feed: feed,
            dataPlane: dataPlane,
            bindAddress: bindAddress,
            directory: directory,
            caughtUp: caughtUp,
            logger: logger
        )
        reporter = ActivityReporter(
            feed: feed,
            dataPlane: dataPlane,
            directory: directory,
            logger: logger
        )
    }

    /// The gateways that are open at this moment.
    package var gateways: [OpenGateway] { directory.open }

    /// Whether it carries, or has tried to carry, all that was stored when it started.
    package var isReady: Bool { caughtUp.isTrue }

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

/// False until the first snapshot is in the data plane, then true for good.
final class CaughtUp: Sendable {
    private let flag = Atomic(false)

    var isTrue: Bool { flag.load(ordering: .acquiring) }

    func set() { flag.store(true, ordering: .releasing) }
}
