extension Migrations {
    /// `webhook`: where servers of an organization hear of events, and how that goes.
    /// - `events`: which, as words of `EventPattern`.
    /// - `sealed_secret`: what is signed with. Until `old_secret_ends_at`, `old_sealed_secret` is signed with as well.
    /// - `position`: a revision of the journal. All events up to it are delivered, given up, skipped, or in `webhook_event`.
    /// - `last_delivered_at`: of the latest attempt that was taken. `failing_since`: of the first failure behind it; NULL where it works.
    ///   `last_error`: of the latest failure.
    /// - `dropped_count`: events that were given up. `skipped_count`: those that left the journal before they were read.
    /// - `hurried_at`: when its owner last asked that what waits is tried at once.
    /// - `told_failing_since`: the `failing_since` of the failure that the server's log has told of; NULL where that has told that it
    ///   works again, or nothing.
    /// - `created_revision`: that of the entry that says that it was made, which is its place in lists.
    ///
    /// `webhook_event`: those that wait, in the order of `number` for each object.
    /// - `revision`: what has to be sent before: that of its entry in the journal, or of the last entry before it.
    /// - `event_id`, `type`: what receivers tell events apart by, and what has happened.
    /// - `body`: what is sent, where the journal does not have it.
    /// - `attempts`: how many have failed. `queued_at`: when its day begins. `next_attempt_at`: when it is due.
    ///
    /// `webhook_delivery`: the latest attempts, in the order of `number`. `milliseconds`: how long one took. `status`: that of the
    /// answer; NULL where none came. `error`: why it has failed; NULL for a delivery.
    ///
    /// `present_peer`: peers that are known to be connected, of organizations with a webhook that is told.
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
                told_failing_since INTEGER,
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
