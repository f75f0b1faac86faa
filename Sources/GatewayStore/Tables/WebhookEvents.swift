package import GatewayDomain

/// Every statement about events that wait to be sent to a webhook.
package enum WebhookEvents {
    package struct Queued: Equatable, Sendable {
        /// Nil before it is stored. Those of one object are in the order of these.
        package var number: Int64?
        package let objectID: String
        /// That of its entry in the journal; for an event that has none, of the last entry before it.
        package let revision: Int64
        package let eventID: String
        package let type: String
        /// Nil where the journal has it.
        package let body: String?
        package var attempts: Int
        package let queuedAt: Timestamp
        package var nextAttemptAt: Timestamp

        package init(
            objectID: String,
            revision: Int64,
            eventID: String,
            type: String,
            body: String?,
            attempts: Int = 0,
            queuedAt: Timestamp,
            nextAttemptAt: Timestamp
        ) {
            self.objectID = objectID
            self.revision = revision
            self.eventID = eventID
            self.type = type
            self.body = body
            self.attempts = attempts
            self.queuedAt = queuedAt
            self.nextAttemptAt = nextAttemptAt
        }
    }

    package static func insert(
        _ event: Queued,
        for webhook: WebhookID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO webhook_event (webhook_id, number, object_id, revision, event_id, type, body,
                attempts, queued_at, next_attempt_at)
            SELECT \(webhook), coalesce(max(number), 0) + 1, \(event.objectID), \(event.revision),
                \(event.eventID), \(event.type), \(event.body), \(event.attempts),
                \(event.queuedAt), \(event.nextAttemptAt)
            FROM webhook_event WHERE webhook_id = \(webhook)
            """
        )
    }

    /// Those whose time has come, with all of an object in their order, and none of an object before another one's
    /// end. What the journal does not have belongs behind the entry of its revision, whichever was queued first.
    ///
    /// - Parameter revision: those that belong behind it have to wait.
    package static func due(
        for webhook: WebhookID,
        at time: Timestamp,
        upTo revision: Int64,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Queued] {
        try db.readable(
            """
            SELECT number, object_id, revision, event_id, type, body, attempts, queued_at,
                next_attempt_at
            FROM webhook_event
            WHERE webhook_id = \(webhook) AND next_attempt_at <= \(time) AND revision <= \(revision)
            ORDER BY next_attempt_at, object_id, revision, body IS NOT NULL, number
            LIMIT \(limit)
            """,
            in: "webhook_event",
            id: "number",
            queued
        )
    }

    /// When those of these objects are sent that wait. Objects of which none waits are left out.
    package static func waits(
        for webhook: WebhookID,
        of objects: Set<String>,
        _ db: any SQLConnection
    ) throws(StoreError) -> [String: Timestamp] {
        guard !objects.isEmpty else { return [:] }
        let sql: SQL = """
            SELECT object_id, max(next_attempt_at) AS next_attempt_at FROM webhook_event
            WHERE webhook_id = \(webhook) AND object_id IN (\(SQL.list(objects.sorted())))
            GROUP BY object_id
            """
        let waits = try db.readable(sql.notKept, in: "webhook_event", id: "object_id") {
            row throws(StoreError) -> (String, Timestamp) in
            (try row.value("object_id"), try row.value("next_attempt_at"))
        }
        return Dictionary(waits) { first, _ in first }
    }

    /// The webhooks that are at work and have events whose time has come.
    package static func webhooks(
        withDueAt time: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> Set<WebhookID> {
        let ids = try db.readable(
            """
            SELECT id FROM webhook WHERE enabled = 1 AND EXISTS (SELECT 1 FROM webhook_event
                WHERE webhook_id = webhook.id AND next_attempt_at <= \(time))
            """,
            in: "webhook"
        ) { row throws(StoreError) -> WebhookID in try row.value("id") }
        return Set(ids)
    }

    package static func count(
        for webhook: WebhookID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.number(
            "SELECT count(*) AS value FROM webhook_event WHERE webhook_id = \(webhook)"
        )
    }

    /// What waits in the table, and whether an attempt to send some of it has failed.
    ///
    /// - Parameter limit: how many are counted at most, the oldest.
    package static func backlog(
        of webhook: WebhookID,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> Webhook.Backlog {
        let row = try db.row(
            """
            SELECT count(*) AS number, min(queued_at) AS since,
                coalesce(max(attempts), 0) AS attempts
            FROM (SELECT queued_at, attempts FROM webhook_event WHERE webhook_id = \(webhook)
                ORDER BY number LIMIT \(limit)) AS oldest
            """
        )
        let attempts: Int = try row?.value("attempts") ?? 0
        return Webhook.Backlog(
            count: try row?.value("number") ?? 0,
            since: try row?.optional("since"),
            isLate: attempts > 0
        )
    }

    package static func delete(
        _ number: Int64,
        for webhook: WebhookID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            "DELETE FROM webhook_event WHERE webhook_id = \(webhook) AND number = \(number)"
        )
    }

    package static func setAttempts(
        _ attempts: Int,
        of number: Int64,
        for webhook: WebhookID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE webhook_event SET attempts = \(attempts)
            WHERE webhook_id = \(webhook) AND number = \(number)
            """
        )
    }

    /// All of one object wait for the first of them.
    package static func postpone(
        of object: String,
        until time: Timestamp,
        for webhook: WebhookID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE webhook_event SET next_attempt_at = \(time)
            WHERE webhook_id = \(webhook) AND object_id = \(object)
            """
        )
    }

    /// All are due.
    package static func hurry(
        for webhook: WebhookID,
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            "UPDATE webhook_event SET next_attempt_at = \(time) WHERE webhook_id = \(webhook)"
        )
    }

    /// - Returns: how many events of the object were given up.
    package static func delete(
        of object: String,
        queuedUntil time: Timestamp,
        for webhook: WebhookID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.execute(
            """
            DELETE FROM webhook_event
            WHERE webhook_id = \(webhook) AND object_id = \(object) AND queued_at <= \(time)
            """
        )
    }

    package static func deleteAll(
        for webhook: WebhookID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("DELETE FROM webhook_event WHERE webhook_id = \(webhook)")
    }

    private static func queued(_ row: Row) throws(StoreError) -> Queued {
        var event = Queued(
            objectID: try row.value("object_id"),
            revision: try row.value("revision"),
            eventID: try row.value("event_id"),
            type: try row.value("type"),
            body: try row.optional("body"),
            attempts: try row.value("attempts"),
            queuedAt: try row.value("queued_at"),
            nextAttemptAt: try row.value("next_attempt_at")
        )
        event.number = try row.value("number")
        return event
    }
}
