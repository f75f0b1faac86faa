package import GatewayDomain
import GatewayStore

/// What happened, oldest first.
package struct ListEvents: Sendable {
    let store: Store

    package func callAsFunction(
        filter: EventFilter,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<JournalEntry> {
        try await store.readAside { db in
            try Events.list(
                in: caller.scope,
                types: caller.readableTypes,
                filter: filter,
                page: page,
                db
            )
        }
    }
}

extension Caller {
    var readableTypes: [Event.ObjectType] {
        Event.ObjectType.allCases.filter { role >= $0.neededRole }
    }
}
