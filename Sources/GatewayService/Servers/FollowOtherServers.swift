import GatewayDomain
import GatewayStore
import Synchronization

extension ControlPlane {
    /// A look is due this often, however quiet the hints are.
    private static let interval = Duration.seconds(1)
    /// More than this behind, everything is forgotten at once.
    private static let mostNotices: Int64 = 10_000

    /// Tells the parts of this process what other servers on the database commit, until the task is cancelled.
    ///
    /// - Parameters:
    ///   - hints: yields when others may have committed something. None has to come.
    ///   - note: is told how each look has ended; nil for well.
    package func followOtherServers(
        hints: AsyncStream<Void>? = nil,
        _ note: @Sendable (_ error: (any Error)?) -> Void = { _ in }
    ) async {
        let (wakes, waker) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    waker.yield()
                    try? await Task.sleep(for: Self.interval)
                }
            }
            if let hints { group.addTask { for await _ in hints { waker.yield() } } }
            for await _ in wakes {
                do {
                    try await catchUp()
                    note(nil)
                } catch is CancellationError {
                    break
                } catch {
                    // Nothing is known of what has changed: what is remembered is not trusted for long (`isUpToDate`).
                    note(error)
                }
            }
            group.cancelAll()
        }
    }

    /// Tells what others have committed since the last look, and takes in what nodes have told them.
    package func catchUp() async throws {
        let start = uptime()
        let place = commits.followed
        let (reading, committed) = try await store.read { db in
            let newest = try Events.newestRevision(db)
            let reading = JournalReading(
                timeline: try Installation.timeline(db),
                newest: newest,
                notices: try place.flatMap { try notices(behind: $0.revision, upTo: newest, db) }
            )
            return (reading, try CommittedRevision(newest, db))
        }
        if let committed { store.note(committed) }
        commits.publish(reading)
        lastLook.note(start)
        try await takeRelayedReports()
    }

    private func notices(
        behind revision: Int64,
        upTo newest: Int64,
        _ db: any SQLConnection
    ) throws -> [CommitNotice]? {
        guard newest != revision else { return [] }
        guard newest > revision, newest - revision <= Self.mostNotices,
            try Events.reachesBack(to: revision, db)
        else { return nil }
        return try Events.notices(behind: revision, upTo: newest, db)
    }

    /// Whether what this process remembers of the database is at most some seconds old.
    package var isUpToDate: Bool {
        guard hasOtherServers else { return true }
        return ageOfKnowledge.map { $0 < Self.longestTrust } ?? false
    }

    /// How long ago changes of other servers were last read; nil for never, and where there are none.
    package var ageOfKnowledge: Duration? { lastLook.time?.duration(to: uptime()) }

    /// Of what is remembered, where the journal cannot be read.
    static let longestTrust = Duration.seconds(3)
}

/// When the journal was last read for changes of other servers.
final class LastLook: Sendable {
    private let state = Mutex<ContinuousClock.Instant?>(nil)

    var time: ContinuousClock.Instant? { state.withLock(\.self) }

    func note(_ time: ContinuousClock.Instant) { state.withLock { $0 = time } }
}
