package import GatewayDomain

/// Every statement about the journal, except those of nodes, is here. An entry is added in the
/// transaction that makes the change.
package enum Events {
    /// The largest revision that there can be. One more is still a number (`nextRevision`).
    static let lastRevision = Int64.max - 1

    /// The revision of the next entry. In the transaction that makes an object and then writes its entry,
    /// this is the revision of its creation: lists are in this order, whatever the clock says.
    static let nextRevision: SQL = "(SELECT revision + 1 FROM journal_position WHERE id = 1)"

    package static func nextRevision(_ db: any SQLConnection) throws(StoreError) -> Int64 {
        Int64(try db.number("SELECT \(nextRevision) AS value"))
    }

    /// Revisions are dense and in the order of commits, as all writers count in one row: the second one waits
    /// for it until the first is done.
    ///
    /// - Returns: the entry's revision.
    @discardableResult
    package static func append(
        _ event: Event,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int64 {
        let actor = ActorColumns(event.actor)
        let row = try db.row(
            """
            INSERT INTO event (revision, organization_id, network_id, object_type, object_id, operation,
                occurred_at, api_key_id, user_id, actor_name, actor_organization_id, request_id,
                object_before, object_after)
            SELECT revision + 1, \(event.organizationID), \(event.networkID), \(event.objectType),
                \(event.objectID), \(event.operation), \(event.occurredAt), \(actor.keyID),
                \(actor.userID), \(actor.name), \(actor.organizationID), \(event.requestID),
                \(event.before), \(event.after)
            FROM journal_position WHERE id = 1 AND revision < \(lastRevision)
            RETURNING revision
            """
        )
        guard let revision: Int64 = try row?.value("revision") else { throw .revisionsUsedUp }
        try db.send("UPDATE journal_position SET revision = revision + 1 WHERE id = 1")
        return revision
    }

    /// - Parameter seesOperators: whether a filter by the actor finds what operators did for a tenant.
    package static func list(
        in scope: Scope,
        types: [Event.ObjectType],
        filter: EventFilter,
        seesOperators: Bool = true,
        order: ListOrder<EventSortMember> = .oldestFirst,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<JournalEntry> {
        var condition = condition(scope, types, filter)
        if filter.actorID != nil, !seesOperators {
            condition.append(" AND actor_organization_id = organization_id")
        }
        let direction: SQL = order.isDescending ? "DESC" : "ASC"
        return PageOf(
            elements: try db.readable(
                """
                SELECT \(columns) FROM event WHERE \(condition)
                ORDER BY revision \(direction) LIMIT \(page.size) OFFSET \(page.offset)
                """,
                in: "event",
                id: "revision",
                entry
            ),
            page: page,
            totalResults: try db.number("SELECT count(*) AS value FROM event WHERE \(condition)")
        )
    }

    /// The answer of `next`.
    package struct Next: Sendable {
        /// Those that can be read.
        package let entries: [JournalEntry]
        /// The last revision that was read, if `limit` was reached and more may follow; nil at the end of
        /// the journal.
        package let end: Int64?
    }

    /// The oldest entries after a revision, at most `limit`.
    package static func next(
        after revision: Int64,
        in scope: Scope,
        types: [Event.ObjectType],
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> Next {
        let rows = try db.rows(
            """
            SELECT \(columns) FROM event
            WHERE \(condition(scope, types, EventFilter())) AND revision > \(revision)
            ORDER BY revision LIMIT \(limit)
            """
        )
        return Next(
            entries: try db.readable(rows, in: "event", id: "revision", entry),
            end: rows.count == limit ? try rows.last?.value("revision") : nil
        )
    }

    /// Of the entries of its organization that a webhook is not done with, at most `limit`: how many it is to be sent, and when
    /// the first of them was made.
    ///
    /// - Parameters:
    ///   - revision: entries up to it are left out as well.
    ///   - end: entries behind it are left out.
    package static func wanted(
        by webhook: Webhook,
        after revision: Int64 = 0,
        upTo end: Int64 = lastRevision,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> (count: Int, since: Timestamp?) {
        let place: SQL = "\(SQL.greatest)(\(revision), \(position(of: webhook)))"
        let sql: SQL = """
            SELECT count(*) AS number, min(occurred_at) AS since FROM (
                SELECT object_type, operation, occurred_at FROM event
                WHERE organization_id = \(webhook.organizationID) AND revision > \(place)
                    AND revision <= \(end)
                ORDER BY revision LIMIT \(limit)) AS entry
            WHERE \(isWanted(by: webhook))
            """
        let row = try db.row(sql.notKept)
        return (try row?.value("number") ?? 0, try row?.optional("since"))
    }

    /// The first entry that a webhook is not done with and is to be sent.
    package static func firstWanted(
        by webhook: Webhook,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int64? {
        let sql: SQL = """
            SELECT revision FROM event
            WHERE organization_id = \(webhook.organizationID)
                AND revision > \(position(of: webhook)) AND (\(isWanted(by: webhook)))
            ORDER BY revision LIMIT 1
            """
        return try db.row(sql.notKept)?.value("revision")
    }

    private static func position(of webhook: Webhook) -> SQL {
        "(SELECT position FROM webhook WHERE webhook.id = \(webhook.id))"
    }

    private static func isWanted(by webhook: Webhook) -> SQL {
        var condition: SQL = "1 = 0"
        for (type, operations) in webhook.operations {
            condition.append(
                " OR object_type = \(type) AND operation IN (\(SQL.list(operations)))"
            )
        }
        return condition
    }

    /// Those of these revisions that there are, of an organization.
    package static func entries(
        _ revisions: [Int64],
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [JournalEntry] {
        guard !revisions.isEmpty else { return [] }
        let sql: SQL = """
            SELECT \(columns) FROM event
            WHERE organization_id = \(organization) AND revision IN (\(SQL.list(revisions)))
            ORDER BY revision
            """
        return try db.readable(sql.notKept, in: "event", id: "revision", entry)
    }

    /// Which objects the entries behind a revision, up to another one, are about, of all organizations. One that cannot be read is left out, as
    /// no part of a process could know the object.
    package static func notices(
        behind revision: Int64,
        upTo end: Int64,
        _ db: any SQLConnection
    ) throws(StoreError) -> [CommitNotice] {
        try db.readable(
            """
            SELECT revision, object_type, object_id, operation FROM event
            WHERE revision > \(revision) AND revision <= \(end) ORDER BY revision
            """,
            in: "event",
            id: "revision"
        ) { row throws(StoreError) in
            let type: Event.ObjectType = try row.value("object_type")
            let operation: Event.Operation = try row.value("operation")
            return CommitNotice(
                revision: try row.value("revision"),
                objectType: type,
                objectID: try row.value("object_id"),
                operation: operation,
                mayHaveNewKey: type == .peer && operation == .updated
            )
        }
    }

    /// Whether the journal has a change of this peer before which its text had these characters.
    package static func mentions(
        _ text: String,
        before peer: Peer,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        try db.number(
            """
            SELECT EXISTS (SELECT 1 FROM event
                WHERE object_id = \("\(peer.id)") AND organization_id = \(peer.organizationID)
                    AND \(SQL.holds("object_before", text))) AS value
            """
        ) == 1
    }

    /// Whether an object was changed behind this revision. Its limits, which have its id, are another object.
    package static func haveChanged(
        _ type: Event.ObjectType,
        _ object: Identifier<some Any>,
        after revision: Int64,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        try db.number(
            """
            SELECT EXISTS (SELECT 1 FROM event
                WHERE object_id = \("\(object)") AND revision > \(revision)
                    AND object_type = \(type)) AS value
            """
        ) == 1
    }

    /// Of all organizations; 0 for an empty journal.
    package static func newestRevision(_ db: any SQLConnection) throws(StoreError) -> Int64 {
        Int64(try db.number("SELECT coalesce(max(revision), 0) AS value FROM event"))
    }

    /// Whether the journal still has all entries after a revision, and the revision was given out: before a
    /// restore left revisions out (`DatabaseCopy.beginTimeline`), one among them may have been, with a
    /// change that is not in the journal now.
    package static func reachesBack(
        to revision: Int64,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        let oldest = Int64(try db.number("SELECT coalesce(min(revision), 1) AS value FROM event"))
        // Added to the smaller number, as that of a damaged entry may be the least there is.
        if revision < oldest { return revision + 1 == oldest }
        return try db.number(
            "SELECT EXISTS (SELECT 1 FROM event WHERE revision = \(revision)) AS value"
        ) == 1
    }

    /// Deletes the oldest entries, at most `limit`, up to the first that is not too old: an entry with too
    /// early a date, written while the clock was wrong, does not make newer entries before it go. A date in
    /// the future would keep all entries after it, and is set to now once the entry is among the oldest.
    /// The newest entry is always kept, as it holds the newest revision.
    ///
    /// - Parameter note: is told of the last revision that goes, before it does, where one goes.
    /// - Returns: the number of deleted entries.
    package static func trim(
        olderThan end: Timestamp,
        at now: Timestamp,
        limit: Int,
        note: (_ last: Int64) throws(StoreError) -> Void = { _ in },
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        let oldest: SQL = "SELECT revision FROM event ORDER BY revision LIMIT \(limit)"
        try db.execute(
            """
            UPDATE event SET occurred_at = \(now)
            WHERE revision IN (\(oldest)) AND occurred_at > \(now)
            """
        )
        let row = try db.row(
            """
            SELECT min(revision) AS first, max(revision) AS last, coalesce(
                (SELECT min(revision) FROM event
                 WHERE revision IN (\(oldest)) AND occurred_at >= \(end)),
                (SELECT max(revision) FROM event)) AS first_kept
            FROM event WHERE revision IN (\(oldest))
            """
        )
        guard let first: Int64 = try row?.optional("first"),
            let last: Int64 = try row?.optional("last"),
            let firstKept: Int64 = try row?.optional("first_kept"), first < firstKept
        else { return 0 }
        try note(min(last, firstKept &- 1))
        return try db.execute(
            "DELETE FROM event WHERE revision <= \(last) AND revision < \(firstKept)"
        )
    }

    private static func condition(
        _ scope: Scope,
        _ types: [Event.ObjectType],
        _ filter: EventFilter
    ) -> SQL {
        var condition = SQL.isIn(scope, network: "network_id")
        let asked = types.filter(filter.objectTypes.contains)
        if asked.isEmpty {
            condition.append(" AND 1 = 0")
        } else if asked != Event.ObjectType.allCases {
            condition.append(" AND object_type IN (\(SQL.list(asked)))")
        }
        if let operation = filter.operation { condition.append(" AND operation = \(operation)") }
        if let id = filter.objectID { condition.append(" AND object_id = \(id)") }
        if let id = filter.actorID {
            condition.append(" AND (api_key_id = \(id) OR user_id = \(id))")
        }
        if let from = filter.from { condition.append(" AND occurred_at >= \(from)") }
        if let before = filter.before { condition.append(" AND occurred_at < \(before)") }
        return condition
    }

    private static let columns: SQL = """
        revision, organization_id, network_id, object_type, object_id, operation, occurred_at,
        api_key_id, user_id, actor_name, actor_organization_id, request_id, object_before,
        object_after
        """

    private static func entry(_ row: Row) throws(StoreError) -> JournalEntry {
        JournalEntry(
            revision: try row.value("revision"),
            event: Event(
                organizationID: try row.value("organization_id"),
                networkID: try row.optional("network_id"),
                objectType: try row.value("object_type"),
                objectID: try row.value("object_id"),
                operation: try row.value("operation"),
                occurredAt: try row.value("occurred_at"),
                actor: try ActorColumns(row).actor,
                requestID: try row.optional("request_id"),
                before: try row.optional("object_before"),
                after: try row.optional("object_after")
            )
        )
    }
}

/// Who made a change, as the journal stores it: without an API key and a user it is the server itself.
private struct ActorColumns {
    let keyID: APIKeyID?
    let userID: UserID?
    let name: String?
    let organizationID: OrganizationID?

    init(_ actor: Actor) {
        switch actor {
        case .system: (keyID, userID, name, organizationID) = (nil, nil, nil, nil)
        case .caller(.apiKey(let id), let name, let organization):
            (keyID, userID, self.name, organizationID) = (id, nil, name, organization)
        case .caller(.user(let id), let name, let organization):
            (keyID, userID, self.name, organizationID) = (nil, id, name, organization)
        }
    }

    init(_ row: Row) throws(StoreError) {
        keyID = try row.optional("api_key_id")
        userID = try row.optional("user_id")
        guard keyID != nil || userID != nil else {
            (name, organizationID) = (nil, nil)
            return
        }
        name = try row.value("actor_name") as String
        organizationID = try row.value("actor_organization_id") as OrganizationID
    }

    var actor: Actor {
        guard let name, let organizationID else { return .system }
        if let keyID { return .caller(.apiKey(keyID), name: name, of: organizationID) }
        if let userID { return .caller(.user(userID), name: name, of: organizationID) }
        return .system
    }
}
