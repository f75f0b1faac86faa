extension Migrations {
    /// `webhook`: where servers of an organization hear of events, and how that goes. All events up to `position`, a revision of the
    /// journal, are delivered, given up, or in `webhook_event`, which has those that wait: in the order of their numbers
    /// for each object, and with a body where the journal does not have it. `revision` is what has to be sent
    /// before. With `hurried_at`, what waits was made due. `webhook_delivery`: the latest attempts. `present_peer`: peers that are known to be connected, of organizations with
    /// a webhook that is told.
    static let webhooks = Migration(
        id: "2026-11-30-webhooks",
        script: """
            CREATE TABLE webhook (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                url TEXT NOT NULL,
                events TEXT NOT NULL,
                enabled INTEGER NOT NULL,
                sealed_secret BLOB NOT NULL,
                old_sealed_secret BLOB,
                old_secret_ends_at INTEGER,
                position INTEGER NOT NULL,
                last_delivered_at INTEGER,
                failing_since INTEGER,
                last_error TEXT,
                dropped_count INTEGER NOT NULL,
                skipped_count INTEGER NOT NULL,
                hurried_at INTEGER,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                created_revision INTEGER NOT NULL
            );
            CREATE INDEX webhook_of_organization ON webhook (organization_id, created_revision, id);

            CREATE TABLE webhook_event (
                webhook_id TEXT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
                number INTEGER NOT NULL,
                object_id TEXT NOT NULL,
                revision INTEGER NOT NULL,
                event_id TEXT NOT NULL,
                type TEXT NOT NULL,
                body TEXT,
                attempts INTEGER NOT NULL,
                queued_at INTEGER NOT NULL,
                next_attempt_at INTEGER NOT NULL,
                PRIMARY KEY (webhook_id, number)
            );
            CREATE INDEX webhook_event_by_time
                ON webhook_event (webhook_id, next_attempt_at, object_id, revision, number);
            CREATE INDEX webhook_event_of_object ON webhook_event (webhook_id, object_id);

            CREATE TABLE webhook_delivery (
                webhook_id TEXT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
                number INTEGER NOT NULL,
                event_id TEXT NOT NULL,
                type TEXT NOT NULL,
                attempted_at INTEGER NOT NULL,
                milliseconds INTEGER NOT NULL,
                status INTEGER,
                error TEXT,
                PRIMARY KEY (webhook_id, number)
            );

            CREATE TABLE present_peer (
                peer_id TEXT NOT NULL PRIMARY KEY REFERENCES peer (id) ON DELETE CASCADE,
                organization_id TEXT NOT NULL
            );
            CREATE INDEX present_peer_of_organization ON present_peer (organization_id);
            """
    )
}
