extension Migrations {
    /// Answers to requests that may be repeated. They hold private keys, so they are sealed.
    static let idempotency = Migration(
        id: "2026-11-25-idempotency",
        script: """
            CREATE TABLE kept_answer (
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                path TEXT NOT NULL,
                idempotency_key TEXT NOT NULL,
                api_key_id TEXT NOT NULL,
                fingerprint BLOB NOT NULL,
                sealed_answer BLOB NOT NULL,
                created_at INTEGER NOT NULL,
                PRIMARY KEY (organization_id, path, idempotency_key)
            );
            CREATE INDEX kept_answer_by_age ON kept_answer (created_at);
            """
    )
}
