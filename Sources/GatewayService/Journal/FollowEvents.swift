package import GatewayDomain
import GatewayStore

/// Goes along the journal, from a revision on.
package struct FollowEvents: Sendable {
    /// A part of the journal.
    package struct Stretch: Sendable {
        /// What of it the caller may see.
        package let entries: [JournalEntry]
        /// Where it ends, and the next one begins.
        package let revision: Int64
        package let isNewest: Bool
    }

    private static let longestStretch = 100

    let store: Store
    let authenticate: Authenticate

    /// Where to begin: at a revision, or, for nil, where the journal ends now.
    package func start(at revision: Int64?) async throws -> Int64 {
        try await store.read { db in
            guard let revision else { return try Events.newestRevision(db) }
            guard try Events.reachesBack(to: revision, db) else { throw ServiceError.revisionGone }
            return revision
        }
    }

    /// - Returns: nil when the caller's key does not open anything any more.
    package func next(after revision: Int64, by caller: Caller) async throws -> Stretch? {
        guard try await authenticate.isStillGood(caller) else { return nil }
        return try await store.read { db in
            guard try Events.reachesBack(to: revision, db) else { throw ServiceError.revisionGone }
            let next = try Events.next(
                after: revision,
                in: caller.scope,
                types: caller.readableTypes,
                limit: Self.longestStretch,
                db
            )
            return Stretch(
                entries: next.entries,
                revision: try next.end ?? Events.newestRevision(db),
                isNewest: next.end == nil
            )
        }
    }

    /// Comes when there may be more, and at least as often as said. Ends with its reader, or when
    /// it is told to stop.
    package func wakes(
        atLeastEvery interval: Duration
    ) -> (rings: AsyncStream<Void>, stop: @Sendable () -> Void) {
        store.commits.rings(atLeastEvery: interval)
    }
}
