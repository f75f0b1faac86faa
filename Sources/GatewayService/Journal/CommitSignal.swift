package import GatewayDomain
import NodeProtocol
import Synchronization

/// Tells the parts of this process what was committed: by this process at once, and by other servers on the database
/// as `catchUp` reads it in the journal. Each revision is told once. Those of other servers come in their order, and may come
/// behind a later one of this process.
package final class CommitSignal: Sendable {
    package typealias Observer = @Sendable (CommitNews) -> Void

    private struct State {
        var nextID = 0
        /// In the order in which they began to observe, which is the order in which they are told.
        var observers: [(id: Int, observer: Observer)] = []
    }

    private let state = Mutex(State())
    /// Held while observers are told. Nil where no other server is on the database, and before the journal was looked at.
    private let place = Mutex<JournalPlace?>(nil)

    init() {}

    /// Calls the observer after each commit that has any events, and for those of this process before the one who asked for
    /// the change has an answer. All other changes wait meanwhile, so it must be short.
    @discardableResult
    package func observe(_ observer: @escaping Observer) -> Int {
        state.withLock { state in
            state.nextID += 1
            state.observers.append((state.nextID, observer))
            return state.nextID
        }
    }

    /// Called on the thread that commits, in the order of the commits of this process.
    func publish(_ events: [CommittedEvent]) {
        guard !events.isEmpty else { return }
        let notices = events.map(CommitNotice.init)
        place.withLock { place in
            let news = place?.taking(notices) ?? notices
            guard !news.isEmpty else { return }
            tell(.changes(news))
        }
    }

    /// Up to where everything is told; nil before the first look at the journal.
    var followed: JournalPlace? { place.withLock(\.self) }

    /// Tells what was read of the journal behind `followed`.
    func publish(_ read: JournalReading) {
        place.withLock { place in
            guard var known = place else {
                // Nothing is remembered yet that could be out of date (`ControlPlane.isUpToDate`).
                place = JournalPlace(timeline: read.timeline, revision: read.newest)
                return
            }
            guard known.timeline == read.timeline, let notices = read.notices else {
                place = JournalPlace(timeline: read.timeline, revision: read.newest)
                return tell(.anything)
            }
            let news = known.taking(notices)
            place = known
            if !news.isEmpty { tell(.changes(news)) }
        }
    }

    private func tell(_ news: CommitNews) {
        for (_, observer) in state.withLock({ $0.observers }) { observer(news) }
    }

    /// Yields after each commit with an event of interest, and at least once per interval. Commits are
    /// coalesced for a slow reader. The stream ends when its reader is cancelled or `stop` is called.
    package func wakes(
        atLeastEvery interval: Duration,
        for isOfInterest: @escaping @Sendable (CommitNotice) -> Bool = { _ in true }
    ) -> (wakes: AsyncStream<Void>, stop: @Sendable () -> Void) {
        let (wakes, waker, ticking) = AsyncStream.wakes(atLeastEvery: interval)
        let id = observe { news in
            if news == .anything || news.notices.contains(where: isOfInterest) { waker.yield() }
        }
        waker.onTermination = { [weak self] _ in
            ticking.cancel()
            self?.state.withLock { $0.observers.removeAll { $0.id == id } }
        }
        return (wakes, { waker.finish() })
    }
}

/// Up to where this process knows the journal.
struct JournalPlace: Equatable, Sendable {
    let timeline: String
    /// All up to here are told.
    private(set) var revision: Int64
    /// Later ones that are told: this process has committed them behind some of other servers.
    private var ahead: Set<Int64> = []

    init(timeline: String, revision: Int64) {
        self.timeline = timeline
        self.revision = revision
    }

    /// - Returns: those that were not told before.
    mutating func taking(_ notices: [CommitNotice]) -> [CommitNotice] {
        let news = notices.filter { notice in
            notice.revision > revision && ahead.insert(notice.revision).inserted
        }
        while ahead.remove(revision + 1) != nil { revision += 1 }
        return news
    }
}

/// What the journal has behind a place.
struct JournalReading: Sendable {
    let timeline: String
    /// The last revision of the journal.
    let newest: Int64
    /// Nil where the journal does not have all that is behind the place, or too much to be told one by one.
    let notices: [CommitNotice]?
}
