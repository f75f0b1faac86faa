import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import OpenAPI

/// What happened, as pages and as a stream.
struct EventRoutes {
    let controlPlane: ControlPlane
    let stream: ChangeStream

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "events", .listEvents, list),
            Endpoint(.get, "changes", .followChanges, follow),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let filter = try query.eventFilter()
        let order: ListOrder<EventSortMember> = try query.order()
        return .page(
            try await controlPlane.listEvents(
                filter: filter,
                order: order,
                page: page,
                by: context.caller
            )
        ) { EventAnswer($0, for: context.caller.role) }
    }

    private func follow(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let since = try query.revision("since")
        let follows = try query.flag("follow", default: true)
        return try await stream.answer(since: since, follows: follows, to: context)
    }
}

extension EventFilter {
    static let actorKey = "actor_id"
}

extension Query {
    fileprivate func eventFilter() throws -> EventFilter {
        var filter = EventFilter()
        if let type = try wordFilter(EventMembers.objectType) {
            filter.objectTypes = [type]
        }
        if let asked = try self.filter(EventMembers.type) {
            let words = asked.split(separator: ".", omittingEmptySubsequences: false)
            guard words.count == 2, let type = Event.ObjectType(rawValue: String(words[0])),
                let operation = Event.Operation(rawValue: String(words[1]))
            else {
                throw Problem.filter(
                    "filter[type]",
                    "'filter[type]' must be an object type, a dot and an operation, like"
                        + " network.created."
                )
            }
            filter.objectTypes.formIntersection([type])
            filter.operation = operation
        }
        filter.objectID = try self.filter(EventMembers.objectID).map { text in
            // It is stored in lower case. Any other text matches nothing.
            Identifier<Event>(text)?.description ?? text
        }
        filter.actorID = try self.filter(EventFilter.actorKey).map { text in
            Identifier<Event>(text)?.description ?? text
        }
        filter.from = try timeFilter(EventMembers.occurredAt, .from)
        filter.before = try timeFilter(EventMembers.occurredAt, .before)
        return filter
    }

    /// A revision of the journal; nil where it is left out.
    fileprivate func revision(_ name: String) throws -> Int64? {
        guard let value = self[name] else { return nil }
        guard let revision = value.integer, revision >= 0 else {
            throw Problem.parameterType(name, "'\(name)' must be a revision: a number from 0.")
        }
        return Int64(revision)
    }
}
