package import GatewayDomain
package import NodeProtocol
import Synchronization

/// The feed of a node whose server is on another machine. It answers from memory, whether the server is there or
/// not, and takes reports for a later delivery: the node never waits for the network.
package final class RemoteNodeFeed: NodeFeed {
    /// What the node did not take yet is told as a snapshot when it is more than this.
    private static let mostChanges = 100_000

    private struct Batch {
        let number: Int64
        let changes: [NodeChange]
    }

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
        /// Batches are numbered here, in the order in which they came: revisions of another timeline say nothing
        /// about the ones before.
        var number: Int64 = 0
        /// The first number that changes can be told behind.
        var oldest: Int64 = 0
        var batches: [Batch] = []
        var changesCount = 0
        /// What the node was told last, as a number and as the server's revision.
        var told: (number: Int64, revision: Int64)?
        /// Up to which revision the node has carried everything out.
        var carriedRevision: Int64?
        var isSaved = true
        /// What of quotas was used in the snapshot that was saved last, and in the one that is being saved.
        var savedUses: [LimitSubject: QuotaUse] = [:]
        var usesToSave: [LimitSubject: QuotaUse] = [:]

        var spool: ReportSpool
        /// The last word about each gateway, for a server that has forgotten it.
        var standings: [GatewayID: GatewayStanding] = [:]
        var drops: [GatewayID: Int] = [:]
        /// Whose quotas the server has set right since the last report of the node.
        var corrected: Set<LimitSubject> = []
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
            state.told = (state.number, objects.revision)
            state.batches = []
            state.changesCount = 0
            state.oldest = state.number
            let snapshot = objects.snapshot
            return snapshot.renumbered(state.number)
        }
    }

    package func changes(after number: Int64) -> NodeChanges? {
        state.withLock { state in
            if let told = state.told, told.number == number {
                state.carriedRevision = told.revision
            }
            guard number >= state.oldest, let objects = state.objects else { return nil }
            state.batches.removeAll { $0.number <= number }
            state.oldest = number
            state.changesCount = state.batches.reduce(0) { $0 + $1.changes.count }
            state.told = (state.number, objects.revision)
            return NodeChanges(revision: state.number, changes: state.batches.flatMap(\.changes))
        }
    }

    package func report(gateways: [GatewayReport], asOf number: Int64) {
        state.withLock { state in
            if let told = state.told, told.number == number {
                state.carriedRevision = told.revision
            }
            for report in gateways { state.standings[report.id] = report.standing }
            var content = ReportContent()
            content.gateways = gateways
            state.spool.add(content)
        }
    }

    @discardableResult
    package func report(peers: [PeerReport]) -> [LimitSubject: QuotaUse] {
        state.withLock { state in
            var content = ReportContent()
            content.peers = peers
            state.spool.add(content)
            if state.objects?.note(peers) == true { state.isSaved = false }
            guard let concerned = state.objects?.count(peers), let uses = state.objects?.uses else {
                return [:]
            }
            defer { state.corrected = [] }
            return concerned.union(state.corrected).reduce(into: [:]) { $0[$1] = uses[$1] }
        }
    }

    package func report(links: [LinkReport]) {
        state.withLock { state in
            var content = ReportContent()
            content.links = links
            state.spool.add(content)
        }
    }

    package func report(trouble: TroubleReport) {
        state.withLock { state in
            var content = ReportContent()
            content.trouble = trouble
            // Each report has the counts of all gateways.
            content.trouble.drops = trouble.drops.filter { state.drops[$0.key] != $0.value }
            state.drops = trouble.drops
            state.spool.add(content)
        }
    }

    package func report(traffic: TrafficReport) {
        state.withLock { state in
            var content = ReportContent()
            content.traffic = traffic
            state.spool.add(content)
        }
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
            state.number += 1
            // What was told before says nothing about it.
            state.oldest = state.number
            state.batches = []
            state.changesCount = 0
            state.isSaved = false
            var content = ReportContent()
            content.gateways = snapshot.gateways.compactMap { gateway in
                guard let standing = state.standings[gateway.id], standing != gateway.standing
                else { return nil }
                return GatewayReport(id: gateway.id, standing: standing)
            }
            state.spool.add(content)
        }
        noteFirst.finish()
        wakeUps.wake()
    }

    func take(_ news: NodeChanges) {
        state.withLock { state in
            state.objects?.apply(news)
            state.number += 1
            state.batches.append(Batch(number: state.number, changes: news.changes))
            state.changesCount += news.changes.count
            state.isSaved = false
            for case .gatewayDeleted(let id) in news.changes {
                state.standings[id] = nil
                state.drops[id] = nil
            }
            guard state.changesCount > Self.mostChanges else { return }
            state.batches = []
            state.changesCount = 0
            state.oldest = state.number
        }
        wakeUps.wake()
    }

    /// Nothing that concerns the node has happened up to a revision.
    func takeHeartbeat(_ revision: Int64) {
        state.withLock { state in
            guard let objects = state.objects, objects.revision < revision else { return }
            state.objects?.apply(NodeChanges(revision: revision, changes: []))
            if let told = state.told, told.number == state.number {
                state.told = (told.number, revision)
                state.carriedRevision = state.carriedRevision.map { _ in revision }
            }
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
            var content = ReportContent()
            content.revision = state.carriedRevision
            content.loadPercent = loadPercent
            content.hasAddress = hasAddress
            state.spool.add(content)
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
            state.corrected.formUnion(uses.keys)
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
            let uses = state.objects?.uses.filter { state.savedUses[$0.key] != $0.value }
            return SavedReports(spool: state.spool, uses: uses ?? [:])
        }
    }

    /// Nil where what was saved last is what there is.
    func takeUnsaved() -> SavedFeed? {
        state.withLock { state in
            guard !state.isSaved, let objects = state.objects, let timeline = state.timeline,
                let settings = state.settings
            else { return nil }
            state.isSaved = true
            state.usesToSave = objects.uses
            return SavedFeed(
                place: FeedPlace(timeline: timeline, revision: objects.revision),
                settings: settings,
                snapshot: objects.snapshot
            )
        }
    }

    /// What was taken last.
    func noteSaved() { state.withLock { $0.savedUses = $0.usesToSave } }

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
        let (stream, waker) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let id = wakers.withLock { wakers in
            let id = (wakers.keys.max() ?? 0) + 1
            wakers[id] = waker
            return id
        }
        let ticking = Task {
            while (try? await Task.sleep(for: interval)) != nil { waker.yield() }
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
