import DataPlane
import GatewayDomain
import Logging
import NetAddress
import NodeProtocol

/// Desired state is in the store, and this loop hands it to the data plane. It wakes after each commit
/// that concerns it, and once per `resyncInterval`.
struct StoreFollower: Sendable {
    let feed: any NodeFeed
    let dataPlane: DataPlane
    let bindAddress: IPAddress?
    /// Nil for a node that makes no way out.
    let egress: NodeEgress?
    let openGateways: OpenGateways
    let caughtUp: CaughtUp
    let firewallDrops: FirewallDrops
    let links: LinkWatch
    let quotas: QuotaWatch
    let linkNames: LinkNames
    let logger: Logger

    /// The safety net: a wake that was lost costs no more than this, and a gateway that could not be
    /// opened is tried again after it.
    private static let resyncInterval = Duration.seconds(1)

    private struct Course {
        var state: NodeState
        /// Everything up to this revision is in `state`; nil before the first snapshot.
        var revision: Int64?
        /// Not stored yet, since the storage failed.
        var reports: [GatewayReport] = []
        var interface: NodeInterface?
    }

    /// Returns when its task is cancelled.
    func run() async {
        // Before the first look, so that nothing is missed after it.
        var wakes = feed.wakes(atLeastEvery: Self.resyncInterval).makeAsyncIterator()
        var course = Course(
            state: NodeState(bindAddress: bindAddress, egressPool: egress?.pool),
            interface: egress.map { egress in
                let kernel = KernelInterface(
                    pool: egress.pool,
                    dataDirectory: egress.dataDirectory,
                    queues: dataPlane.workerCount,
                    publicAddress: egress.publicAddress
                )
                return NodeInterface(kernel, dataPlane, drops: firewallDrops, logger: logger)
            }
        )
        await course.interface?.removeLeftovers()
        repeat {
            do {
                try await follow(&course)
            } catch is CancellationError {
                break
            } catch ServiceError.storageUnavailable {
                // Only reports are stored here; they are kept for the next round.
            } catch {
                logger.error("cannot follow the store", metadata: ["error": "\(error)"])
            }
        } while await wakes.next() != nil
        // Also in a task that is cancelled: what the kernel was told outlives the process.
        let interface = course.interface
        await Task {
            var interface = interface
            await interface?.remove()
        }.value
    }

    private func follow(_ course: inout Course) async throws {
        let outcome: Reconciliation
        if let revision = course.revision, let news = try await feed.changes(after: revision) {
            var changes = course.state.take(news.changes)
            linkNames.want(course.state.linkNames)
            quotas.take(news.changes)
            changes += course.state.locate(linkNames.addresses)
            outcome = await dataPlane.reconcile(changes + (await openWayOut(&course)))
            links.take(news.changes)
            course.revision = news.revision
        } else {
            let reports = quotas.reports
            let snapshot = try await feed.snapshot()
            var state = course.state.take(snapshot)
            quotas.take(snapshot, askedAfter: reports)
            state.apply(await openWayOut(&course))
            outcome = await dataPlane.reconcile(to: state)
            links.take(snapshot)
            course.revision = snapshot.revision
        }
        await course.interface?.finish(course.state.egressDemand)
        course.state.note(outcome)
        openGateways.replace(with: course.state.openGateways)
        await call(outcome.recentPeers)
        caughtUp.set()
        try await report(&course)
    }

    /// What gateways need of the node is there before they use it.
    private func openWayOut(_ course: inout Course) async -> [DesiredChange] {
        guard course.interface != nil else { return [] }
        await course.interface?.prepare(course.state.egressDemand)
        return course.state.note(course.interface?.wayOut ?? .unneeded)
    }

    /// Tells the control plane how the gateways stand, where that changed.
    private func report(_ course: inout Course) async throws {
        for report in course.state.takeReports() {
            course.reports.append(report)
            guard report.standing.status != .provisioned, let reason = report.standing.reason else {
                continue
            }
            let lacksEgress = report.standing.lacksEgress
            // What lacks its way out still carries its peers.
            logger.log(
                level: lacksEgress ? .warning : .error,
                lacksEgress ? "gateway has no way out" : "gateway is not carried",
                metadata: ["gateway": "\(report.id)", "reason": "\(reason)"]
            )
        }
        guard !course.reports.isEmpty else { return }
        try await feed.report(gateways: course.reports, asOf: course.revision ?? .max)
        for report in course.reports where report.standing.status == .provisioned {
            logger.info("gateway provisioned", metadata: ["gateway": "\(report.id)"])
        }
        course.reports.removeAll()
    }

    /// A gateway that begins to listen, after a restart or in the place of another server, has none of the
    /// sessions that its peers have: starts handshakes with those whose place is known.
    private func call(_ peers: [DesiredPeer.ID]) async {
        guard !peers.isEmpty else { return }
        logger.info("calling recent peers", metadata: ["count": "\(peers.count)"])
        await dataPlane.call(peers)
    }
}

extension DesiredState {
    /// Gateways and links that are otherwise.
    fileprivate mutating func apply(_ changes: [DesiredChange]) {
        var nextGateways: [DesiredGateway.ID: DesiredGateway] = [:]
        var nextLinks: [DesiredLink.ID: DesiredLink] = [:]
        for change in changes {
            switch change {
            case .gateway(let gateway): nextGateways[gateway.id] = gateway
            case .link(let link): nextLinks[link.id] = link
            case .noGateway, .peer, .noPeer, .noLink: break
            }
        }
        gateways = gateways.map { nextGateways[$0.id] ?? $0 }
        links = links.map { nextLinks[$0.id] ?? $0 }
    }
}
