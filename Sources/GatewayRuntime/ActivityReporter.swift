import DataPlane
import GatewayDomain
import GatewayService
import Logging
import Synchronization
import WireGuardEngine

/// Carries what the data plane counts to the store, where the API and the next start find it:
/// when and where peers were last heard, and their bytes. What went wrong goes the same way, and is not
/// stored.
final class ActivityReporter: Sendable {
    private let feed: NodeFeed
    private let dataPlane: DataPlane
    private let directory: ReportDirectory
    private let logger: Logger

    /// Traffic shows in the API within two seconds; a killed process loses at most half a second.
    private static let interval = Duration.milliseconds(500)
    /// The pause after a report is at least this many times as long as the report took: a slow disk
    /// makes reports rarer, not requests slower.
    private static let pauseFactor = 10

    private let seen = Mutex(Seen())

    init(feed: NodeFeed, dataPlane: DataPlane, directory: ReportDirectory, logger: Logger) {
        self.feed = feed
        self.dataPlane = dataPlane
        self.directory = directory
        self.logger = logger
    }

    private struct Seen {
        /// Counters of the last report, by handle: a peer that was installed anew starts at zero.
        var totals: [PeerHandle: PeerTotals] = [:]
        var drops: [GatewayHandle: DropCounters] = [:]
        /// Not stored yet, since the storage failed; added to the next report.
        var unstored: [PeerReport] = []
        /// Of each worker, by its number.
        var io: [Int: IOCounters] = [:]
    }

    /// As of the last report.
    var counters: NodeCounters {
        seen.withLock { seen in
            NodeCounters(
                io: seen.io.sorted { $0.key < $1.key }.map(\.value),
                drops: seen.drops.compactMap { handle, counters in
                    directory.gateway(handle).map { ($0, counters) }
                }
            )
        }
    }

    /// Returns when its task is cancelled.
    func run() async {
        let clock = ContinuousClock()
        var pause = Self.interval
        while (try? await Task.sleep(for: pause)) != nil {
            let spent = await clock.measure { await reportOnce() }
            pause = max(Self.interval, spent * Self.pauseFactor)
        }
    }

    /// The last counters before the end.
    func finish() async {
        await reportOnce()
    }

    private func reportOnce() async {
        let reports = await dataPlane.reports()
        reportTrouble(reports)
        var traffic = TrafficReport()
        for report in reports {
            noteNewDrops(report.drops, &traffic)
            seen.withLock { $0.io[report.worker] = report.io }
        }
        let peers = seen.withLock { seen in
            let news = reports.flatMap(\.peers).compactMap { change(of: $0, &seen, &traffic) }
            defer { seen.unstored = [] }
            return seen.unstored.isEmpty
                ? news : PeerReport.merging(seen.unstored + news)
        }
        feed.report(traffic: traffic)
        guard !peers.isEmpty else { return }
        do {
            try await feed.report(peers: peers)
        } catch ServiceError.storageUnavailable {
            // Logged once by `StorageWatch`, not here twice a second.
            seen.withLock { $0.unstored = peers }
        } catch is CancellationError {
            // The node stops: `finish` stores this with the last counters.
            seen.withLock { $0.unstored = peers }
        } catch {
            // The store works and refuses these reports: kept, they would make every later one fail.
            logger.error("cannot store the peers' counters", metadata: ["error": "\(error)"])
        }
    }

    private func reportTrouble(_ reports: [WorkerReport]) {
        var trouble = TroubleReport()
        for report in reports {
            for peer in report.peers {
                guard let news = peer.newTrouble, let id = directory.peer(peer.peer)?.id else {
                    continue
                }
                trouble.peers[id] = PeerObservations(news)
            }
            for (handle, counters) in report.drops {
                guard let id = directory.gateway(handle) else { continue }
                trouble.drops[id] = Int(clamping: counters.total)
            }
            for (handle, strangers) in report.newStrangers {
                guard let id = directory.gateway(handle) else { continue }
                trouble.strangers[id] = strangers.map { StrangerObservation($0) }
            }
        }
        feed.report(trouble: trouble)
    }

    private func change(
        of report: ActivityReport,
        _ seen: inout Seen,
        _ traffic: inout TrafficReport
    ) -> PeerReport? {
        guard let peer = directory.peer(report.peer) else {
            seen.totals[report.peer] = nil
            return nil
        }
        let totals = PeerTotals(report)
        let last = seen.totals.updateValue(totals, forKey: report.peer)
        let counts = totals.growth(since: last)
        traffic.peers.append(.init(id: peer.id, gatewayID: peer.gatewayID, counts: counts))
        return PeerReport(
            id: peer.id,
            lastSeen: report.lastSeen.map(Timestamp.init),
            latestHandshakeAt: report.latestHandshake.map(Timestamp.init),
            latestEchoAt: totals.hasNewEcho(since: last)
                ? report.lastSeen.map(Timestamp.init) : nil,
            endpoint: report.endpoint,
            rxBytesAdded: counts.rxBytes,
            txBytesAdded: counts.txBytes
        )
    }

    /// Logs one line per report and gateway whose number of drops has changed.
    private func noteNewDrops(
        _ drops: [GatewayHandle: DropCounters],
        _ traffic: inout TrafficReport
    ) {
        for (handle, counters) in drops {
            let last = seen.withLock { $0.drops.updateValue(counters, forKey: handle) }
            guard let gateway = directory.gateway(handle), last?.total != counters.total else {
                continue
            }
            var metadata: Logger.Metadata = ["gateway": "\(gateway)"]
            for reason in DropReason.allCases where counters[reason] != 0 {
                metadata["\(reason)"] = "\(counters[reason])"
                let added = PeerTotals.growth(from: last?[reason], to: counters[reason])
                if added > 0 { traffic.drops[gateway, default: [:]][reason.label] = added }
            }
            guard metadata.count > 1 else { continue }
            logger.info("packets dropped", metadata: metadata)
        }
    }
}
