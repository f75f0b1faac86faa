extension Migrations {
    /// The schema with which PostgreSQL begins: what `beforePostgreSQL` has made of SQLite's over time. Types are
    /// named as SQLite names them (`ColumnTypes`). The node inside of the server is SQLite's alone.
    static let postgreSQLBaseline = [
        accessBaseline, gatewaysBaseline, peersBaseline, recordsBaseline,
    ].joined(separator: "\n")

    /// What the installation knows of itself, and what it keeps of what was done.
    private static let recordsBaseline = """
        CREATE TABLE installation (
            key TEXT NOT NULL PRIMARY KEY,
            value BLOB NOT NULL
        );

        CREATE TABLE journal_position (
            id INTEGER NOT NULL PRIMARY KEY,
            revision INTEGER NOT NULL,
            CONSTRAINT journal_position_is_one_row CHECK (id = 1)
        );

        CREATE TABLE kept_answer (
            organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
            path TEXT NOT NULL,
            idempotency_key TEXT NOT NULL,
            principal_id TEXT NOT NULL,
            fingerprint BLOB NOT NULL,
            sealed_answer BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (organization_id, path, idempotency_key)
        );
        CREATE INDEX kept_answer_by_age ON kept_answer (created_at);

        CREATE TABLE event (
            revision INTEGER NOT NULL PRIMARY KEY,
            organization_id TEXT NOT NULL,
            network_id TEXT,
            object_type TEXT NOT NULL,
            object_id TEXT NOT NULL,
            operation TEXT NOT NULL,
            occurred_at INTEGER NOT NULL,
            api_key_id TEXT,
            actor_name TEXT,
            actor_organization_id TEXT,
            request_id TEXT,
            object_before TEXT,
            object_after TEXT,
            user_id TEXT,
            CONSTRAINT event_operation_is_known
                CHECK (operation IN ('created', 'updated', 'deleted'))
        );
        CREATE INDEX event_of_object ON event (object_id, revision);
        CREATE INDEX event_of_organization ON event (organization_id, revision);

        CREATE TABLE commit_mark (
            writer TEXT NOT NULL PRIMARY KEY,
            number INTEGER NOT NULL,
            marked_at INTEGER NOT NULL
        );

        INSERT INTO journal_position (id, revision) VALUES (1, 0);
        INSERT INTO installation (key, value)
        VALUES ('timeline', convert_to(replace(gen_random_uuid()::text, '-', ''), 'UTF8'));
        """
}
