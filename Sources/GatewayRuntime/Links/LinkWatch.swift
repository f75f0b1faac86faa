import DataPlane
import GatewayDomain
import Logging
import NodeProtocol
import Synchronization
import Topology
import WireGuardEngine

/// Judges what the probes of links came to with each report of the data plane, gives that the paths that follow,
/// and tells the control plane.
final class LinkWatch: Sendable {
    private struct Memory {
        var monitor = LinkMonitor()
        /// As of the last look, for the log.
        var paths: [BackboneLinkID: LinkPath] = [:]
        var nextFigures = Duration.zero
    }

    private struct Look {
        let paths: [BackboneLinkID: LinkPath]
        let reports: [LinkReport]
    }

    private let feed: any NodeFeed
    private let dataPlane: DataPlane
    private let logger: Logger
    private let start = ContinuousClock.now
    private let memory = Mutex(Memory())

    /// How often figures are reported that change all the time.
    private static let figuresInterval = Duration.seconds(10)

    init(feed: any NodeFeed, dataPlane: DataPlane, logger: Logger) {
        self.feed = feed
        self.dataPlane = dataPlane
        self.logger = logger
    }

    /// What the data plane has of these changes, the monitor has from now on.
    func take(_ changes: [NodeChange]) {
        memory.withLock { memory in
            for change in changes {
                switch change {
                case .linkPut(let link): memory.monitor.put(link)
                case .distantLinkPut(let link): memory.monitor.put(link)
                case .linkDeleted(let id): memory.monitor.remove(id)
                case .gatewayPut, .gatewayDeleted, .gatewayLeftOut, .peerPut, .peerDeleted,
                    .peerLeftOut:
                    break
                }
            }
        }
    }

    func take(_ snapshot: NodeSnapshot) {
        let ids = snapshot.links.map(\.id) + snapshot.distantLinks.map(\.id)
        memory.withLock { memory in
            memory.monitor.keep(only: Set(ids))
            for link in snapshot.links { memory.monitor.put(link) }
            for link in snapshot.distantLinks { memory.monitor.put(link) }
        }
    }

    /// - Parameter lanes: of the newest report of the data plane.
    func look(at lanes: [DataPlaneReport.CarriedLane]) async {
        let now = ContinuousClock.now - start
        let news = memory.withLock { memory -> Look? in
            guard !memory.monitor.isEmpty else { return nil }
            for lane in lanes {
                guard let probes = lane.activity?.probes else { continue }
                memory.monitor.note(
                    ProbeCounts(probes),
                    ofLane: lane.number,
                    of: BackboneLinkID(lane.linkID)
                )
            }
            let paths = memory.monitor.look(at: now)
            note(paths, &memory)
            let isFull = now >= memory.nextFigures
            if isFull { memory.nextFigures = now + Self.figuresInterval }
            return Look(paths: paths, reports: memory.monitor.reports(ofAll: isFull))
        }
        guard let news else { return }
        // All of them: a link that the data plane has made anew goes the direct way until it is told.
        for (id, path) in news.paths { dataPlane.take(path, for: DesiredID(id)) }
        await report(news.reports)
    }

    private func note(_ paths: [BackboneLinkID: LinkPath], _ memory: inout Memory) {
        for (id, path) in paths where memory.paths[id] != path {
            logger.info("path of a link", metadata: ["link": "\(id)", "path": "\(path.words)"])
        }
        memory.paths = paths
    }

    /// What is not stored is reported again.
    private func report(_ reports: [LinkReport]) async {
        guard !reports.isEmpty else { return }
        do {
            try await feed.report(links: reports)
            memory.withLock { $0.monitor.noteTold(reports) }
        } catch ServiceError.storageUnavailable {
            // Logged once by `StorageWatch`.
        } catch is CancellationError {
            // The node stops.
        } catch {
            logger.error("cannot report links", metadata: ["error": "\(error)"])
        }
    }
}

extension ProbeCounts {
    fileprivate init(_ report: ProbeReport) {
        self.init(
            sent: report.sent,
            answered: report.answered,
            roundTrip: report.lastRoundTrip.map { .nanoseconds(Int64(clamping: $0.nanoseconds)) }
        )
    }
}

extension LinkPath {
    /// For the log.
    fileprivate var words: String {
        switch self {
        case .direct(let lanes): "direct, lanes \(lanes.map { "\($0)" }.joined(separator: " and "))"
        case .detour(let link): "around over link \(BackboneLinkID(link))"
        case .unreachable: "none"
        }
    }
}
