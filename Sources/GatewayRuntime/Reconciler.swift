import DataPlane
import GatewayDomain
import GatewayService
import Logging
import NetAddress
import WireGuardEngine

/// Desired state is in the store, actual state in the data plane; this loop makes the second
/// follow the first. It wakes after each commit that concerns it, and once per `resyncInterval`.
struct Reconciler: Sendable {
    let feed: NodeFeed
    let dataPlane: DataPlane
    let bindAddress: IPAddress?
    let directory: ReportDirectory
    let caughtUp: CaughtUp
    let logger: Logger

    /// The safety net: a wake that was lost costs no more than this, and a gateway that could not be
    /// opened is tried again after it.
    private static let resyncInterval = Duration.seconds(1)

    private struct Progress {
        var state = NodeState()
        /// Everything up to this revision is in `state`; nil before the first snapshot.
        var revision: Int64?
        /// The standings that were reported last, so that each is reported once and not every second.
        var told: [GatewayID: GatewayStanding] = [:]
        /// Standings that the control plane has not been told yet.
        var reports: [GatewayReport] = []
    }

    /// Returns when its task is cancelled.
    func run() async {
        // Before the first look, so that nothing is missed after it.
        var wakes = feed.wakes(atLeastEvery: Self.resyncInterval).makeAsyncIterator()
        var progress = Progress()
        repeat {
            do {
                try await reconcile(&progress)
            } catch is CancellationError {
                break
            } catch ServiceError.storageUnavailable {
                // Only reports are stored here; they are kept for the next round.
            } catch {
                logger.error("cannot follow the store", metadata: ["error": "\(error)"])
            }
        } while await wakes.next() != nil
    }

    private func reconcile(_ progress: inout Progress) async throws {
        if let revision = progress.revision, let news = try await feed.changes(after: revision) {
            // Gateways that could not be opened before are tried again; new ones are in the plan.
            let retries = progress.state.unopened
            let plan = progress.state.apply(news.changes)
            await perform(plan, &progress)
            for id in retries {
                guard let step = progress.state.openStep(of: id) else { continue }
                await perform(step, &progress)
            }
            progress.revision = news.revision
        } else {
            let snapshot = try await feed.snapshot()
            await perform(progress.state.apply(snapshot), &progress)
            progress.revision = snapshot.revision
            caughtUp.set()
        }
        try await report(&progress)
    }

    private func perform(_ plan: NodeState.Plan, _ progress: inout Progress) async {
        directory.apply(plan)
        for step in plan.steps { await perform(step, &progress) }
        for id in plan.restated.sorted() {
            if let standing = progress.state.standing(of: id) {
                tell(standing, of: id, &progress)
            } else if !progress.state.isUnopened(id) {
                progress.told[id] = nil
            }
        }
    }

    private func perform(_ step: NodeState.Step, _ progress: inout Progress) async {
        switch step {
        case .openGateway(let id, let handle, let provision, let placement):
            guard progress.state.isUnopened(id) else { return }
            let failure = await open(handle, provision, placement: placement)
            if let failure {
                let standing = GatewayStanding(status: .provisioning, reason: failure)
                tell(standing, of: id, &progress)
                return
            }
            directory.insert(
                OpenGateway(id: id, name: provision.name, handle: handle, placement: placement)
            )
            for next in progress.state.opened(id) { await perform(next, &progress) }
            await callPeers(of: id, in: progress.state)
            if let standing = progress.state.standing(of: id) {
                if progress.told[id] == nil { progress.told[id] = provision.standing }
                tell(standing, of: id, &progress)
            }
        case .closeGateway(let handle, let placement):
            directory.remove(handle)
            await dataPlane.close(handle, placement: placement)
        case .change(let changes, let placement):
            await dataPlane.apply(changes, placement: placement)
        }
    }

    /// Nil when it is open, otherwise why not.
    private func open(
        _ handle: GatewayHandle,
        _ provision: GatewayProvision,
        placement: UInt32
    ) async -> String? {
        do throws(DataPlaneError) {
            try await dataPlane.open(
                handle,
                GatewayConfiguration(
                    privateKey: provision.privateKey,
                    addresses: [provision.serverAddress],
                    mtu: provision.mtu
                ),
                listen: ListenAddress(address: bindAddress, port: provision.port),
                placement: placement
            )
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func tell(
        _ standing: GatewayStanding,
        of id: GatewayID,
        _ progress: inout Progress
    ) {
        guard progress.told.updateValue(standing, forKey: id) != standing else { return }
        progress.reports.append(GatewayReport(id: id, standing: standing))
        guard standing.status != .provisioned, let reason = standing.reason else { return }
        logger.error(
            "gateway is not carried",
            metadata: ["gateway": "\(id)", "reason": "\(reason)"]
        )
    }

    /// Tells the control plane how the gateways stand, where that changed.
    private func report(_ progress: inout Progress) async throws {
        guard !progress.reports.isEmpty else { return }
        try await feed.report(gateways: progress.reports)
        for report in progress.reports where report.standing.status == .provisioned {
            logger.info("gateway provisioned", metadata: ["gateway": "\(report.id)"])
        }
        progress.reports.removeAll()
    }

    /// A gateway that begins to listen, after a restart or in the place of another server, has none of the
    /// sessions that its peers have: starts handshakes with those whose place is known.
    private func callPeers(of gateway: GatewayID, in state: NodeState) async {
        let age = Int64(DataPlane.callWithinSeconds)
        let since = Timestamp.now().advanced(bySeconds: -age)
        guard let found = state.callable(of: gateway, heardSince: since) else { return }
        logger.info("calling recent peers", metadata: ["count": "\(found.peers.count)"])
        await dataPlane.call(found.peers, placement: found.placement)
    }
}
