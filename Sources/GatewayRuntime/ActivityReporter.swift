import DataPlane
import GatewayDomain
import Logging
import NodeProtocol
import Synchronization
import SystemIO
import WireGuardEngine

/// Carries what the data plane counts to the store, where the API and the next start find it:
/// when and where peers were last heard, and their bytes. What went wrong goes the same way, and is not
/// stored.
final class ActivityReporter: Sendable {
    private let feed: any NodeFeed
    private let dataPlane: DataPlane
    private let links: LinkWatch
    private let quotas: QuotaWatch
    private let logger: Logger

    /// Traffic shows in the API within two seconds; a killed process loses at most half a second.
    private static let interval = Duration.milliseconds(500)
    /// The pause after a report is at least this many times as long as the report took: a slow disk
    /// makes reports rarer, not requests slower.
    private static let pauseFactor = 10

    private let seen = Mutex(Seen())

    init(
        feed: any NodeFeed,
        dataPlane: DataPlane,
        links: LinkWatch,
        quotas: QuotaWatch,
        logger: Logger
    ) {
        self.feed = feed
        self.dataPlane = dataPlane
        self.links = links
        self.quotas = quotas
        self.logger = logger
    }

    private struct Seen {
        /// Counters of the last report, by slot. Where another peer has the slot now, or the same one was
        /// installed anew, counting has begun at zero.
        var totals: [UInt32: (peer: PeerHandle, totals: PeerTotals)] = [:]
        /// What was reported of each counting of usage that goes on.
        var usage: [PeerHandle: Usage] = [:]
        /// Of the gateways that are open.
        var drops: [GatewayID: DropCounters] = [:]
        /// Not stored yet, since the storage failed; added to the next report.
        var unstored: [PeerReport] = []
        /// Of those where there is any.
        var egress: [GatewayID: EgressTraffic] = [:]
        var io: [IOCounters] = []
        var interfaceDrops = DropCounters()
    }

    /// As of the last report.
    var counters: NodeCounters {
        seen.withLock { seen in
            NodeCounters(
                io: seen.io,
                drops: seen.drops.map { ($0.key, $0.value) },
                egress: seen.egress.map { ($0.key, $0.value) },
                interfaceDrops: seen.interfaceDrops
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
        let report = await dataPlane.report()
        await links.look(at: report.lanes)
        reportTrouble(report)
        var traffic = TrafficReport()
        noteNewDrops(report.gateways, &traffic)
        let peers = seen.withLock { seen in
            seen.io = report.io
            seen.interfaceDrops = report.interfaceDrops
            let leading = report.gateways.filter { $0.egress != EgressTraffic() }
            seen.egress = Dictionary(leading.map { (GatewayID($0.id), $0.egress) }) { $1 }
            let usage = newUsage(of: report, &seen)
            let news = report.peers.map { change(of: $0, &seen, &traffic) }.adding(usage)
            defer { seen.unstored = [] }
            return seen.unstored.isEmpty
                ? news : PeerReport.merging(seen.unstored + news)
        }
        feed.report(traffic: traffic)
        quotas.note(await deliver(peers), of: report)
    }

    /// - Returns: what is used of the quotas that the reports concern; of none where they were not taken.
    private func deliver(_ peers: [PeerReport]) async -> [LimitSubject: QuotaUse] {
        guard !peers.isEmpty else { return [:] }
        do {
            return try await feed.report(peers: peers)
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
        return [:]
    }

    private func reportTrouble(_ report: DataPlaneReport) {
        var trouble = TroubleReport()
        for peer in report.peers {
            guard let news = peer.activity.newTrouble else { continue }
            trouble.peers[PeerID(peer.id)] = PeerObservations(news)
        }
        for gateway in report.gateways {
            let id = GatewayID(gateway.id)
            trouble.drops[id] = Int(clamping: gateway.drops.total)
            trouble.strangers[id] = gateway.newStrangers?.map { StrangerObservation($0) }
        }
        feed.report(trouble: trouble)
    }

    private func change(
        of peer: DataPlaneReport.Peer,
        _ seen: inout Seen,
        _ traffic: inout TrafficReport
    ) -> PeerReport {
        let (id, report) = (PeerID(peer.id), peer.activity)
        let totals = PeerTotals(report)
        let before = seen.totals.updateValue((report.peer, totals), forKey: report.peer.slot)
        let last = before.flatMap { $0.peer == report.peer ? $0.totals : nil }
        let counts = totals.growth(since: last)
        traffic.peers.append(.init(id: id, gatewayID: GatewayID(peer.gatewayID), counts: counts))
        return PeerReport(
            id: id,
            lastSeen: report.lastSeen.map(Timestamp.init),
            latestHandshakeAt: report.latestHandshake.map(Timestamp.init),
            latestEchoAt: totals.hasNewEcho(since: last)
                ? report.lastSeen.map(Timestamp.init) : nil,
            endpoint: report.endpoint,
            rxBytesAdded: counts.rxBytes,
            txBytesAdded: counts.txBytes,
            egressAdded: totals.egressGrowth(since: last)
        )
    }

    /// What was forwarded for each peer since the last report, those that are gone included. It is counted in the hour of
    /// the report: at most half a second late.
    private func newUsage(
        of report: DataPlaneReport,
        _ seen: inout Seen
    ) -> [PeerID: HourlyUsage] {
        let hour = UsageHour(of: Timestamp(BootClock.moment.wall))
        var news: [PeerID: HourlyUsage] = [:]
        for peer in report.peerUsage {
            let before =
                peer.isLast
                ? seen.usage.removeValue(forKey: peer.counting)
                : seen.usage.updateValue(peer.usage, forKey: peer.counting)
            let usage = HourlyUsage(peer.usage, since: before ?? Usage(), in: hour)
            news[PeerID(peer.id), default: HourlyUsage()].add(usage)
        }
        return news
    }

    /// Logs one line per report and gateway whose number of drops has changed.
    private func noteNewDrops(
        _ gateways: [DataPlaneReport.Gateway],
        _ traffic: inout TrafficReport
    ) {
        let now = Dictionary(gateways.map { (GatewayID($0.id), $0.drops) }) { $1 }
        let before = seen.withLock { seen in
            defer { seen.drops = now }
            return seen.drops
        }
        for (gateway, counters) in now {
            let last = before[gateway]
            guard last?.total != counters.total else { continue }
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

extension [PeerReport] {
    /// With what peers used: those that are in none of the reports, as they are gone, get one of their own.
    fileprivate func adding(_ usage: [PeerID: HourlyUsage]) -> [PeerReport] {
        var usage = usage.filter { !$0.value.isEmpty }
        guard !usage.isEmpty else { return self }
        let known = map { report in
            var report = report
            report.usageAdded = usage.removeValue(forKey: report.id) ?? HourlyUsage()
            return report
        }
        return known
            + usage.map { id, usage in
                PeerReport(
                    id: id,
                    lastSeen: nil,
                    latestHandshakeAt: nil,
                    endpoint: nil,
                    rxBytesAdded: 0,
                    txBytesAdded: 0,
                    usageAdded: usage
                )
            }
    }
}
