package import DataPlane
import GatewayDomain
package import Logging
package import NetAddress
package import NodeProtocol
import ServiceLifecycle
import Synchronization

/// Carries the gateways of a region: keeps the data plane as the store wants it, and reports back
/// what the data plane sees. All it knows of the control plane is the `NodeFeed`.
package struct Node: Service {
    private let follower: StoreFollower
    private let reporter: ActivityReporter
    private let dataPlane: DataPlane
    private let openGateways: OpenGateways
    private let caughtUp: CaughtUp
    private let firewallDrops: FirewallDrops
    private let linkNames: LinkNames

    /// - Parameters:
    ///   - bindAddress: where gateways listen; nil for all addresses of the host.
    ///   - egress: nil for a node that makes no way out of networks.
    package init(
        feed: any NodeFeed,
        dataPlane: DataPlane,
        bindAddress: IPAddress?,
        egress: NodeEgress? = nil,
        logger: Logger
    ) {
        let openGateways = OpenGateways()
        let caughtUp = CaughtUp()
        let firewallDrops = FirewallDrops()
        self.dataPlane = dataPlane
        self.openGateways = openGateways
        self.caughtUp = caughtUp
        self.firewallDrops = firewallDrops
        let linkNames = LinkNames(logger: logger)
        self.linkNames = linkNames
        let links = LinkWatch(feed: feed, dataPlane: dataPlane, logger: logger)
        let quotas = QuotaWatch(dataPlane: dataPlane)
        follower = StoreFollower(
            feed: feed,
            dataPlane: dataPlane,
            bindAddress: bindAddress,
            egress: egress,
            openGateways: openGateways,
            caughtUp: caughtUp,
            firewallDrops: firewallDrops,
            links: links,
            quotas: quotas,
            linkNames: linkNames,
            logger: logger
        )
        reporter = ActivityReporter(
            feed: feed,
            dataPlane: dataPlane,
            links: links,
            quotas: quotas,
            logger: logger
        )
    }

    /// The gateways that are open at this moment.
    package var gateways: [OpenGateway] { openGateways.all }

    /// Whether it carries, or has tried to carry, all that was stored when it started.
    package var isReady: Bool { caughtUp.isTrue }

    package var counters: NodeCounters {
        var counters = reporter.counters
        counters.firewallDrops = firewallDrops.byCounter
        return counters
    }

    /// Runs until it is told to shut down; then the last counters are stored and the data plane's
    /// threads have ended.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await follower.run() }
                group.addTask { await reporter.run() }
                group.addTask { await linkNames.run() }
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
