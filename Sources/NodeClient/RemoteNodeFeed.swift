package import GatewayDomain
package import NodeProtocol
import Synchronization

/// The feed of a node whose server is on another machine. It answers from memory, whether the server is there or
/// not, and takes reports for a later delivery: the node never waits for the network.
package final class RemoteNodeFeed: NodeFeed {
    /// Whether the node may carry what an earlier process was told: a copy of its files may be in use elsewhere, and
    /// to call its peers from there would take them from the machine that they are with.
    private enum Leave {
        case asked
        /// The server says so, or does not answer.
        case given
        /// The server says that another machine is the node.
        case refused
    }

    private struct State {
        var leave = Leave.asked
        var objects: CarriedObjects?
        var timeline: String?
        var settings: NodeSettings?
        var changes = UntakenChanges()
        var isSaved = true
        var knownUses = KnownUses()

        var spool: ReportSpool
        /// The last word about each gateway, for a server that has forgotten it.
        var standings: [GatewayID: GatewayStanding] = [:]
        var drops: [GatewayID: Int] = [:]

        mutating func add(_ fill: (inout ReportContent) -> Void) {
            var content = ReportContent()
            fill(&content)
            spool.add(content)
        }
    }

    private let state: Mutex<State>
    private let wakeUps = WakeUps()
    private let first: AsyncStream<Never>
    private let noteFirst: AsyncStream<Never>.Continuation

    init(_ saved: SavedFeed?, _ reports: SavedReports) {
        (first, noteFirst) = AsyncStream.makeStream()
        var state = State(spool: reports.spool)
        if let saved {
            state.objects = CarriedObjects(saved.snapshot)
            state.objects?.resume(reports.uses)
            // An earlier version was not told whose the gateways are, which changes of them would find out one by one, and
            // each would be opened anew for it: a snapshot tells all of them at once.
            let isWhole = saved.snapshot.gateways.allSatisfy { $0.organizationID != nil }
            state.timeline = isWhole ? saved.place.timeline : nil
            state.settings = saved.settings
        }
        self.state = Mutex(state)
    }

    // What the node asks

    package func wakes(atLeastEvery interval: Duration) -> AsyncStream<Void> {
        wakeUps.stream(atLeastEvery: interval)
    }

    /// Comes when there is one: of an earlier process, or from the server.
    package func snapshot() async throws -> NodeSnapshot {
        // An element never comes; the stream ends with the first snapshot, or with this task.
        for await _ in first {}
        return try state.withLock { state in
            guard let objects = state.objects else { throw CancellationError() }
            let number = state.changes.numberOfSnapshot(at: objects.revision)
            return objects.snapshot.renumbered(number)
        }
    }

    package func changes(after number: Int64) -> NodeChanges? {
        state.withLock { state in
            state.changes.noteCarried(number)
            guard let objects = state.objects else { return nil }
            return state.changes.changes(after: number, upTo: objects.revision)
        }
    }

    package func report(gateways: [GatewayReport], asOf number: Int64) {
        state.withLock { state in
            state.changes.noteCarried(number)
            for report in gateways { state.standings[report.id] = report.standing }
            state.add { $0.gateways = gateways }
        }
    }

    @discardableResult
    package func report(peers: [PeerReport]) -> [LimitSubject: QuotaUse] {
        state.withLock { state in
            state.add { $0.peers = peers }
            if state.objects?.note(peers) == true { state.isSaved = false }
            guard let concerned = state.objects?.count(peers), let uses = state.objects?.uses else {
                return [:]
            }
            return state.knownUses.news(of: concerned, among: uses)
        }
    }

    package func report(links: [LinkReport]) {
        state.withLock { state in state.add { $0.links = links } }
    }

    package func report(trouble: TroubleReport) {
        state.withLock { state in
            // Each report has the counts of all gateways.
            let drops = trouble.drops.filter { state.drops[$0.key] != $0.value }
            state.drops = trouble.drops
            state.add { content in
                content.trouble = trouble
                content.trouble.drops = drops
            }
        }
    }

    package func report(traffic: TrafficReport) {
        state.withLock { state in state.add { $0.traffic = traffic } }
    }
}

// When it begins
extension RemoteNodeFeed {
    package var mayCarry: Bool { state.withLock { $0.leave == .given } }

    /// The server has let this node in.
    func start() { begin { _ in true } }

    /// The server has not answered, or has something against this node that makes no other machine the node.
    func startAlone() { begin { $0 == .asked } }

    /// Nothing that is carried already ends.
    func noteAnother() {
        state.withLock { state in
            if state.leave == .asked { state.leave = .refused }
        }
    }

    private func begin(_ isDue: (Leave) -> Bool) {
        let hasObjects = state.withLock { state in
            if isDue(state.leave) { state.leave = .given }
            return state.leave == .given && state.objects != nil
        }
        if hasObjects { noteFirst.finish() }
    }
}

// What the server tells
extension RemoteNodeFeed {
    var place: FeedPlace? {
        state.withLock { state in
            guard let timeline = state.timeline, let objects = state.objects else { return nil }
            return FeedPlace(timeline: timeline, revision: objects.revision)
        }
    }

    package var settings: NodeSettings? { state.withLock { $0.settings } }

    /// Comes with the first snapshot.
    package func firstSettings() async -> NodeSettings? {
        while !Task.isCancelled {
            if mayCarry, let settings = state.withLock({ $0.objects == nil ? nil : $0.settings }) {
                return settings
            }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    func take(_ greeting: FeedGreeting) {
        state.withLock { state in
            state.spool.noteCounted(greeting.countedSequence)
            state.spool.forgetTraffic()
        }
    }

    func take(_ settings: NodeSettings) {
        state.withLock { state in
            if state.settings != settings { state.isSaved = false }
            state.settings = settings
        }
    }

    func take(_ snapshot: NodeSnapshot, of timeline: String) {
        state.withLock { state in
            var objects = CarriedObjects(snapshot)
            if state.timeline == timeline, let known = state.objects {
                objects.resume(known.uses)
            } else {
                // The server has not counted what it had not got when its database was backed up.
                _ = objects.count(state.spool.peers)
            }
            state.objects = objects
            state.timeline = timeline
            state.changes.noteSnapshot()
            state.isSaved = false
            let standings = snapshot.gateways.compactMap { gateway -> GatewayReport? in
                guard let standing = state.standings[gateway.id], standing != gateway.standing
                else { return nil }
                return GatewayReport(id: gateway.id, standing: standing)
            }
            state.add { $0.gateways = standings }
        }
        noteFirst.finish()
        wakeUps.wake()
    }

    func take(_ news: NodeChanges) {
        state.withLock { state in
            state.objects?.apply(news)
            state.changes.append(news.changes)
            state.isSaved = false
            for case .gatewayDeleted(let id) in news.changes {
                state.standings[id] = nil
                state.drops[id] = nil
            }
        }
        wakeUps.wake()
    }

    /// Nothing that concerns the node has happened up to a revision.
    func takeHeartbeat(_ revision: Int64) {
        state.withLock { state in
            guard let objects = state.objects, objects.revision < revision else { return }
            state.objects?.apply(NodeChanges(revision: revision, changes: []))
            state.changes.noteNothing(upTo: revision)
        }
    }
}

// What is delivered and kept
extension RemoteNodeFeed {
    /// - Parameter isBeat: whether the server is to hear of the node, whatever there is to say.
    func nextReport(
        at time: Timestamp,
        isBeat: Bool,
        loadPercent: Int?,
        hasAddress: Bool? = nil
    ) -> NodeReport? {
        state.withLock { state in
            guard isBeat || state.spool.underWay != nil || !state.spool.waiting.isEmpty else {
                return nil
            }
            let carried = state.changes.carriedRevision
            state.add { content in
                content.revision = carried
                content.loadPercent = loadPercent
                content.hasAddress = hasAddress
            }
            return state.spool.next(at: time)
        }
    }

    /// - Parameter uses: what the server has counted with the report.
    func noteArrival(
        of number: ReportNumber,
        _ uses: [LimitSubject: QuotaUse] = [:],
        at time: Timestamp
    ) {
        state.withLock { state in
            state.spool.noteArrival(of: number)
            state.objects?.take(uses, without: state.spool.peers, at: time)
            state.knownUses.noteCorrected(uses.keys)
        }
    }

    func noteTooLarge(_ number: ReportNumber) {
        state.withLock { $0.spool.noteTooLarge(number) }
    }

    var generation: String { state.withLock { $0.spool.generation } }

    var holdsCounters: Bool { state.withLock { $0.spool.holdsCounters } }

    /// What is to be kept of reports, beside the snapshot.
    var reports: SavedReports {
        state.withLock { state in
            SavedReports(
                spool: state.spool,
                uses: state.knownUses.unsaved(among: state.objects?.uses ?? [:])
            )
        }
    }

    /// Nil where what was saved last is what there is.
    func takeUnsaved() -> SavedFeed? {
        state.withLock { state in
            guard !state.isSaved, let objects = state.objects, let timeline = state.timeline,
                let settings = state.settings
            else { return nil }
            state.isSaved = true
            state.knownUses.noteSaving(objects.uses)
            return SavedFeed(
                place: FeedPlace(timeline: timeline, revision: objects.revision),
                settings: settings,
                snapshot: objects.snapshot
            )
        }
    }

    /// What was taken last.
    func noteSaved() { state.withLock { $0.knownUses.noteSaved() } }

    func noteUnsaved() { state.withLock { $0.isSaved = false } }
}

extension NodeSnapshot {
    fileprivate func renumbered(_ revision: Int64) -> NodeSnapshot {
        var snapshot = self
        snapshot.revision = revision
        return snapshot
    }
}

/// Wakes those who wait for news.
private final class WakeUps: Sendable {
    private let wakers = Mutex<[Int: AsyncStream<Void>.Continuation]>([:])

    func stream(atLeastEvery interval: Duration) -> AsyncStream<Void> {
        let (stream, waker, ticking) = AsyncStream.wakes(atLeastEvery: interval)
        let id = wakers.withLock { wakers in
            let id = (wakers.keys.max() ?? 0) + 1
            wakers[id] = waker
            return id
        }
        waker.onTermination = { [weak self] _ in
            ticking.cancel()
            self?.wakers.withLock { $0[id] = nil }
        }
        return stream
    }

    func wake() {
        for waker in wakers.withLock({ Array($0.values) }) { waker.yield() }
    }
}
