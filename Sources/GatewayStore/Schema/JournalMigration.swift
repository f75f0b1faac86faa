extension Migrations {
    /// One journal for nodes, followers and auditors, in the place of the nodes' own. Nodes take a
    /// snapshot when they start, so that no node needs the old entries. The long columns stand last, so
    /// that a scan over the others does not read them.
    static let journal = Migration(
        id: "2026-11-25-journal",
        script: """
            DROP TABLE change;

            CREATE TABLE event (
                revision INTEGER PRIMARY KEY AUTOINCREMENT,
                organization_id TEXT NOT NULL,
                network_id TEXT,
                object_type TEXT NOT NULL,
                object_id TEXT NOT NULL,
                operation TEXT NOT NULL,
                occurred_at INTEGER NOT NULL,
                api_key_id TEXT,
                api_key_name TEXT,
                api_key_organization_id TEXT,
                request_id TEXT,
                object_before TEXT,
                object_after TEXT,
                CONSTRAINT event_operation_is_known
                    CHECK (operation IN ('created', 'updated', 'deleted'))
            );
            CREATE INDEX event_of_organization ON event (organization_id, revision);
            CREATE INDEX event_of_object ON event (object_id, revision);
            """
    )
}
