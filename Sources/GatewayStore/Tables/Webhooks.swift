package import GatewayDomain

/// Every statement about webhooks themselves is here.
package enum Webhooks {
    /// What is signed with, sealed.
    package struct Secrets: Sendable {
        package var current: [UInt8]
        /// The one before, and until when it is signed with as well.
        package var old: (sealed: [UInt8], endsAt: Timestamp)?

        package init(current: [UInt8], old: (sealed: [UInt8], endsAt: Timestamp)? = nil) {
            self.current = current
            self.old = old
        }
    }

    /// A webhook that is at work.
    package struct AtWork: Sendable {
        package let webhook: Webhook
        package let secrets: Secrets
        /// All events up to this revision are done with, or queued.
        package let position: Int64
        /// When its owner last asked that what waits is tried at once.
        package let hurriedAt: Timestamp?
        /// Since when it fails as far as the server's log says; nil where it works.
        package let toldFailingSince: Timestamp?
    }

    /// - Parameter position: where the events begin that it is sent.
    package static func insert(
        _ webhook: Webhook,
        secret: [UInt8],
        position: Int64,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO webhook (id, organization_id, name, url, events, enabled, sealed_secret,
                position, dropped_count, skipped_count, created_at, updated_at, created_revision)
            VALUES (\(webhook.id), \(webhook.organizationID), \(webhook.name), \(webhook.url),
                \(WordList(webhook.events)), \(webhook.isEnabled), \(secret), \(position), 0, 0,
                \(webhook.createdAt), \(webhook.updatedAt), \(Events.nextRevision))
            """
        )
    }

    package static func find(
        _ id: WebhookID,
        of organization: OrganizationID,
        reading: Reading = .strict,
        _ db: any SQLConnection
    ) throws(StoreError) -> Webhook? {
        try db.object(
            """
            SELECT \(columns) FROM webhook
            WHERE id = \(id) AND organization_id = \(organization)
            """,
            in: "webhook",
            reading: reading,
            webhook
        )
    }

    package static func list(
        name: String?,
        of organization: OrganizationID,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<Webhook> {
        var condition: SQL = "organization_id = \(organization)"
        if let name { condition.append(" AND name = \(name)") }
        return PageOf(
            elements: try db.readable(
                """
                SELECT \(columns) FROM webhook WHERE \(condition)
                ORDER BY created_revision, id LIMIT \(page.size) OFFSET \(page.offset)
                """,
                in: "webhook",
                webhook
            ),
            page: page,
            totalResults: try db.number(
                "SELECT count(*) AS value FROM webhook WHERE \(condition)"
            )
        )
    }

    package static func all(
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Webhook] {
        try db.readable(
            """
            SELECT \(columns) FROM webhook WHERE organization_id = \(organization)
            ORDER BY created_revision, id
            """,
            in: "webhook",
            webhook
        )
    }

    /// Those of all organizations that are at work.
    package static func enabled(_ db: any SQLConnection) throws(StoreError) -> [AtWork] {
        try db.readable(
            "SELECT \(columns), \(ownColumns) FROM webhook WHERE enabled = 1 ORDER BY id",
            in: "webhook",
            stored
        )
    }

    /// Of the organization of each webhook that is at work; 0 where the journal has nothing of it.
    package static func newestRevisions(
        _ db: any SQLConnection
    ) throws(StoreError) -> [WebhookID: Int64] {
        let found = try db.readable(
            """
            SELECT id, coalesce((SELECT max(revision) FROM event
                WHERE event.organization_id = webhook.organization_id), 0) AS newest
            FROM webhook WHERE enabled = 1
            """,
            in: "webhook"
        ) { row throws(StoreError) -> (WebhookID, Int64) in
            (try row.value("id"), try row.value("newest"))
        }
        return Dictionary(found) { first, _ in first }
    }

    package static func stored(
        _ id: WebhookID,
        _ db: any SQLConnection
    ) throws(StoreError) -> AtWork? {
        try db.readable(
            "SELECT \(columns), \(ownColumns) FROM webhook WHERE id = \(id)",
            in: "webhook",
            stored
        ).first
    }

    /// What its owner changes.
    package static func update(
        _ webhook: Webhook,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE webhook SET name = \(webhook.name), url = \(webhook.url),
                events = \(WordList(webhook.events)), enabled = \(webhook.isEnabled),
                updated_at = \(webhook.updatedAt)
            WHERE id = \(webhook.id)
            """
        )
    }

    /// What sending has found out. The position only grows.
    package static func update(
        _ standing: Webhook.Standing,
        position: Int64,
        of id: WebhookID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE webhook SET last_delivered_at = \(standing.lastDeliveredAt),
                failing_since = \(standing.failingSince), last_error = \(standing.lastError),
                dropped_count = \(standing.droppedCount),
                position = \(SQL.greatest)(position, \(position))
            WHERE id = \(id)
            """
        )
    }

    /// All up to there is done with. The position only grows.
    package static func set(
        position: Int64,
        of id: WebhookID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE webhook SET position = \(SQL.greatest)(position, \(position))
            WHERE id = \(id)
            """
        )
    }

    /// What the server's log says of it now.
    package static func set(
        toldFailingSince time: Timestamp?,
        of id: WebhookID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("UPDATE webhook SET told_failing_since = \(time) WHERE id = \(id)")
    }

    /// What waits for it is tried at once, whichever server sends.
    package static func hurry(
        _ id: WebhookID,
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try WebhookEvents.hurry(for: id, at: time, db)
        try db.execute("UPDATE webhook SET hurried_at = \(time) WHERE id = \(id)")
    }

    /// Counts what leaves the journal before it was read for those that are at work, and moves their place behind it. A round that
    /// has read some of it is of no use then: it is counted once.
    ///
    /// - Parameters:
    ///   - last: the last revision that goes.
    ///   - limit: how many entries go at most.
    /// - Returns: how many events of all webhooks these are.
    package static func skip(
        upTo last: Int64,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        let late = try db.readable(
            """
            SELECT \(columns) FROM webhook WHERE enabled = 1 AND position < \(last)
                AND EXISTS (SELECT 1 FROM event
                    WHERE event.organization_id = webhook.organization_id
                        AND revision > webhook.position AND revision <= \(last))
            """,
            in: "webhook",
            webhook
        )
        var skipped = 0
        for webhook in late {
            let count = try Events.wanted(by: webhook, upTo: last, limit: limit, db).count
            try db.execute(
                """
                UPDATE webhook SET skipped_count = skipped_count + \(count), position = \(last)
                WHERE id = \(webhook.id)
                """
            )
            skipped += count
        }
        return skipped
    }

    package static func set(
        _ secrets: Secrets,
        of webhook: Webhook,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE webhook SET sealed_secret = \(secrets.current),
                old_sealed_secret = \(secrets.old?.sealed),
                old_secret_ends_at = \(secrets.old?.endsAt), updated_at = \(webhook.updatedAt)
            WHERE id = \(webhook.id)
            """
        )
    }

    /// What waits for it and what is known of its deliveries goes with it.
    package static func delete(
        _ webhook: Webhook,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("DELETE FROM webhook WHERE id = \(webhook.id)")
    }

    private static let columns: SQL = """
        id, organization_id, name, url, events, enabled, last_delivered_at, failing_since, last_error,
        dropped_count, skipped_count, created_at, updated_at
        """

    private static let ownColumns: SQL =
        "sealed_secret, old_sealed_secret, old_secret_ends_at, position, hurried_at, told_failing_since"

    private static func webhook(_ row: Row) throws(StoreError) -> Webhook {
        let events: WordList = try row.value("events")
        return Webhook(
            id: try row.value("id"),
            organizationID: try row.value("organization_id"),
            name: try row.value("name"),
            url: try row.value("url"),
            // Those that this version does not know match nothing.
            events: events.words.compactMap { EventPattern($0) },
            isEnabled: try row.value("enabled"),
            standing: Webhook.Standing(
                lastDeliveredAt: try row.optional("last_delivered_at"),
                failingSince: try row.optional("failing_since"),
                lastError: try row.optional("last_error"),
                droppedCount: try row.value("dropped_count"),
                skippedCount: try row.value("skipped_count")
            ),
            createdAt: try row.value("created_at"),
            updatedAt: try row.value("updated_at")
        )
    }

    private static func stored(_ row: Row) throws(StoreError) -> AtWork {
        let old: [UInt8]? = try row.optional("old_sealed_secret")
        let end: Timestamp? = try row.optional("old_secret_ends_at")
        var secrets = Secrets(current: try row.value("sealed_secret"))
        if let old, let end { secrets.old = (old, end) }
        return AtWork(
            webhook: try webhook(row),
            secrets: secrets,
            position: try row.value("position"),
            hurriedAt: try row.optional("hurried_at"),
            toldFailingSince: try row.optional("told_failing_since")
        )
    }
}

extension WebhookURL: SQLColumn {
    /// Nothing is sent to it: the name does not exist (RFC 6761).
    package static var substitute: WebhookURL {
        guard let url = try? WebhookURL("https://damaged.invalid/") else {
            preconditionFailure("a URL of the program itself")
        }
        return url
    }

    package var sqlValue: SQLValue { .text(description) }

    package init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue, let url = try? WebhookURL(text) else { return nil }
        self = url
    }
}
