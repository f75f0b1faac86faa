package import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// The entries of the journal that a filter admits.
    package func listEvents(
        filter: EventFilter,
        order: ListOrder<EventSortMember> = .oldestFirst,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<JournalEntry> {
        try await store.readAside { db in
            try Events.list(
                in: caller.scope,
                types: caller.readableTypes,
                filter: filter,
                seesOperators: caller.role == .admin,
                order: order,
                page: page,
                db
            )
        }
    }

    /// Where to begin to follow the journal: at a revision, or, for nil, where the journal ends now.
    package func startOfEvents(at revision: Int64?) async throws -> Int64 {
        try await store.read { db in
            guard let revision else { return try Events.newestRevision(db) }
            guard try Events.reachesBack(to: revision, db) else { throw ServiceError.revisionGone }
            return revision
        }
    }

    /// The history that revisions are of; nil where it cannot become another one while this process runs.
    package func changingTimeline() async throws -> String? {
        guard hasOtherServers else { return nil }
        return try await store.read { db in try Installation.timeline(db) }
    }

    /// - Parameter timeline: that of the revision, where it may have become another one.
    /// - Returns: nil when the caller's key does not open anything any more.
    package func events(
        after revision: Int64,
        of timeline: String? = nil,
        by caller: Caller
    ) async throws -> JournalStretch? {
        guard let caller = try await current(caller) else { return nil }
        return try await store.read { db in
            if let timeline, try Installation.timeline(db) != timeline {
                throw ServiceError.revisionGone
            }
            guard try Events.reachesBack(to: revision, db) else { throw ServiceError.revisionGone }
            let next = try Events.next(
                after: revision,
                in: caller.scope,
                types: caller.readableTypes,
                limit: JournalStretch.longest,
                db
            )
            return JournalStretch(
                entries: next.entries,
                revision: try next.end ?? Events.newestRevision(db),
                isNewest: next.end == nil
            )
        }
    }
}

/// A part of the journal.
package struct JournalStretch: Sendable {
    static let longest = 100

    /// The entries that the caller may see.
    package let entries: [JournalEntry]
    /// Where this part ends, and the next one begins.
    package let revision: Int64
    package let isNewest: Bool
}

extension Caller {
    fileprivate var readableTypes: [Event.ObjectType] {
        Event.ObjectType.allCases.filter { role >= $0.neededRole }
    }
}
